// A container on the run's canvas: a box with a head.
import { Handle, Position } from '@xyflow/react';
import { memo } from 'react';
import { cx } from '../../lib/cx.ts';
import { PatternIcon } from '../../ui/pattern-icon.tsx';
import { useJobPage, useView } from './job-context.tsx';

const HANDLE = '!min-h-0 !min-w-0 !h-1 !w-1 !border-0 !bg-transparent';

export const FlowNode = memo(function FlowNode({ id }: { readonly id: string }) {
  const { itemOf, nameOf } = useJobPage();
  const selected = useView((state) => state.selected === id);
  const item = itemOf(id);
  const pattern = item?.kind === 'flow' ? item.pattern : '';
  return (
    <div
      data-testid={`node-${id}`}
      className={cx('h-full w-full rounded-3 border border-line-strong bg-sunken/70', selected && 'outline-2 outline-accent-ring')}
    >
      <Handle type="target" position={Position.Left} className={HANDLE} isConnectable={false} />
      <div className="flex h-7 items-center gap-1.5 px-2.5 text-11 font-medium text-fg-3">
        <PatternIcon pattern={pattern} size={13} />
        <span className="truncate">
          <span className="capitalize">{pattern}</span> · {nameOf(id)}
        </span>
        {item?.kind === 'flow' && item.limit !== undefined && (
          <span className="rounded-1 bg-hover px-1 text-10 text-fg-2">{item.limit} at once</span>
        )}
      </div>
      <Handle type="source" position={Position.Right} className={HANDLE} isConnectable={false} />
    </div>
  );
});
