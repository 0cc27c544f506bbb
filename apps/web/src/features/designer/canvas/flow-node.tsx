import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { cx } from '../../../lib/cx.ts';
import { PatternIcon } from '../../../ui/flow/pattern-icon.tsx';
import type { ItemBadge } from './badges.ts';
import { FailureHandle } from './failure-handle.tsx';
import { ItemBadges } from './item-badges.tsx';

export type FlowNodeData = {
  readonly name: string;
  readonly pattern: string;
  readonly icon: string;
  /** How it repeats, or how many items run at once. */
  readonly repeats: string | null;
  readonly badges: readonly ItemBadge[];
  readonly problems: number;
  /** The item is in a graph, so a link on failure may leave it. */
  readonly mayCatch: boolean;
  readonly isEmpty: boolean;
  readonly isTarget: boolean;
};
export type FlowNodeType = Node<FlowNodeData, 'flow'>;

const HANDLE = '!size-2.5 !border-[1.5px] !border-link !bg-surface';

/** A container on the designer's canvas; its children are nodes inside it. */
export const FlowNode = memo(function FlowNode({ id, data, selected }: NodeProps<FlowNodeType>) {
  return (
    <div
      data-testid={`node-${id}`}
      className={cx(
        'relative size-full rounded-3 border border-line-strong bg-sunken/60',
        selected && 'ring-2 ring-accent-ring',
        data.isTarget && 'border-accent-ring bg-accent-tint/50',
      )}
    >
      <Handle type="target" position={Position.Top} className={HANDLE} />
      {data.badges.length > 0 && (
        <span className="absolute -top-2 right-2 flex gap-1">
          <ItemBadges badges={data.badges} />
        </span>
      )}
      <div className="flex h-7 items-center gap-1.5 px-2.5 text-11 font-medium text-fg-3">
        <PatternIcon pattern={data.icon} size={13} />
        <span className="min-w-0 truncate text-fg-2">{data.name}</span>
        <span className="shrink-0">{data.pattern}</span>
        {data.repeats !== null && <span className="shrink-0 rounded-1 bg-hover px-1 text-fg-2">{data.repeats}</span>}
        {data.problems > 0 && (
          <span className="flex items-center gap-0.5 rounded-full border border-st-doubt-line bg-st-doubt-bg px-1.5 text-10 text-st-doubt-fg">
            <TriangleAlert size={9} aria-hidden /> {data.problems}
          </span>
        )}
      </div>
      {data.isEmpty && <p className="px-2.5 text-11 text-fg-3">Drag tasks here</p>}
      <Handle type="source" position={Position.Bottom} className={HANDLE} />
      {data.mayCatch && <FailureHandle />}
    </div>
  );
});
