// A container on the run's canvas: a box with a head.
import { PATTERNS } from '@windlass/engine/definition';
import { Handle, Position } from '@xyflow/react';
import { memo } from 'react';
import { cx } from '../../../lib/cx.ts';
import { PatternIcon } from '../../../ui/flow/pattern-icon.tsx';
import { StateBadge } from '../../../ui/state/state-badge.tsx';
import { useAtomLine, useJobPage, useRun, useView } from '../job-context.tsx';
import { repeatWords } from './repeat-words.ts';

const HANDLE = '!min-h-0 !min-w-0 !h-1 !w-1 !border-0 !bg-transparent';

export const FlowNode = memo(function FlowNode({ id }: { readonly id: string }) {
  const { itemOf, nameOf } = useJobPage();
  const lineOf = useAtomLine();
  const selected = useView((state) => state.selected === id);
  const item = itemOf(id);
  const pattern = item?.kind === 'flow' ? item.pattern : '';
  const title = item?.kind === 'flow' ? PATTERNS[item.pattern].title : '';
  const controls = useRun((state) => state.members.get(id)?.controls);
  // A text, so that the component renders again only when it changes.
  const repeats = useRun(({ atoms }) =>
    repeatWords(
      pattern,
      (controls ?? []).flatMap((one) => atoms.get(one) ?? []),
    ),
  );
  const retry = useRun(({ atoms }) => controls?.map((one) => atoms.get(one)).find((one) => one?.state === 'RETRYING'));
  return (
    <div
      data-testid={`node-${id}`}
      className={cx('h-full w-full rounded-3 border border-line-strong bg-sunken/70', selected && 'outline-2 outline-accent-ring')}
    >
      <Handle type="target" position={Position.Left} className={HANDLE} isConnectable={false} />
      <div className="flex h-7 items-center gap-1.5 px-2.5 text-11 font-medium text-fg-3">
        <PatternIcon pattern={pattern} size={13} />
        <span className="min-w-0 truncate" title={`${title} · ${nameOf(id)}`}>
          {repeats === null && `${title} · `}
          {nameOf(id)}
        </span>
        {repeats !== null && <span className="shrink-0 rounded-1 bg-hover px-1 text-10 text-fg-2">{repeats}</span>}
        {retry !== undefined && <StateBadge state="RETRYING" words={lineOf(retry)} />}
        {item?.kind === 'flow' && item.limit !== undefined && repeats === null && (
          <span className="shrink-0 rounded-1 bg-hover px-1 text-10 text-fg-2">{item.limit} at once</span>
        )}
      </div>
      <Handle type="source" position={Position.Right} className={HANDLE} isConnectable={false} />
    </div>
  );
});
