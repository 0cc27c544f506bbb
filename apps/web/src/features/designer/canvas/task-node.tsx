import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Lock, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { cx } from '../../../lib/cx.ts';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import type { ItemBadge } from './badges.ts';
import { FailureHandle } from './failure-handle.tsx';
import { ItemBadges } from './item-badges.tsx';

export type TaskNodeData = {
  readonly name: string;
  readonly type: string;
  readonly icon: string | undefined;
  readonly irreversible: string | null;
  readonly badges: readonly ItemBadge[];
  readonly problems: number;
  /** The item is in a graph, so a link on failure may leave it. */
  readonly mayCatch: boolean;
};
export type TaskNodeType = Node<TaskNodeData, 'task'>;

const HANDLE = '!size-2.5 !border-[1.5px] !border-link !bg-surface hover:!border-accent-ring';

/** A task on the designer's canvas. */
export const TaskNode = memo(function TaskNode({ id, data, selected }: NodeProps<TaskNodeType>) {
  return (
    <div
      data-testid={`node-${id}`}
      className={cx(
        'relative flex size-full items-center gap-2 rounded-3 border border-line-strong bg-surface px-2.5 shadow-1',
        selected && 'ring-2 ring-accent-ring',
      )}
    >
      <Handle type="target" position={Position.Top} className={HANDLE} />
      <span className="grid size-7 shrink-0 place-items-center rounded-2 bg-sunken text-fg-2">
        <TaskIcon name={data.icon} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-12 font-medium">{data.name}</span>
        <span className="block truncate text-11 text-fg-3">{data.type}</span>
      </span>
      {(data.irreversible !== null || data.problems > 0 || data.badges.length > 0) && (
        <span className="absolute -top-2 right-2 flex gap-1">
          <ItemBadges badges={data.badges} />
          {data.irreversible !== null && (
            <span
              title={data.irreversible}
              className="flex h-4 items-center gap-0.5 rounded-full border border-line-strong bg-surface px-1.5 text-10 text-fg-2"
            >
              <Lock size={9} aria-hidden /> irreversible
            </span>
          )}
          {data.problems > 0 && (
            <span className="flex h-4 items-center gap-0.5 rounded-full border border-st-doubt-line bg-st-doubt-bg px-1.5 text-10 text-st-doubt-fg">
              <TriangleAlert size={9} aria-hidden /> {data.problems}
              <span className="sr-only">problems</span>
            </span>
          )}
        </span>
      )}
      <Handle type="source" position={Position.Bottom} className={HANDLE} />
      {data.mayCatch && <FailureHandle />}
    </div>
  );
});
