import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { JobRow } from '@windlass/engine';
import { CircleAlert } from 'lucide-react';
import { useRef } from 'react';
import { durationWords, exactTime } from '../../lib/times.ts';
import { useNow } from '../../lib/use-now.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TimeOf } from '../../ui/time-of.tsx';
import { attentionWords } from './job-filter.ts';

const ROW = 32;
const COLUMNS = 'grid-cols-[minmax(150px,1fr)_minmax(160px,2fr)_170px_minmax(150px,1.4fr)_110px_100px_90px]';

export interface JobTableProps {
  readonly rows: readonly JobRow[];
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

/** Rows in sight only; more pages come as the end comes near. */
export function JobTable({ rows, hasMore, onMore }: JobTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const lines = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const onScroll = () => {
    const box = scroller.current;
    if (hasMore && box !== null && box.scrollTop + box.clientHeight > box.scrollHeight - 10 * ROW) onMore();
  };
  return (
    <div ref={scroller} onScroll={onScroll} className="min-h-0 flex-1 overflow-auto bg-surface">
      <div role="table" aria-label="Jobs" aria-rowcount={rows.length} className="min-w-[980px]">
        <div
          role="row"
          className={`sticky top-0 z-10 grid ${COLUMNS} h-7 items-center gap-3 border-b border-line bg-sunken px-4 text-11 font-medium text-fg-3`}
        >
          {['Job', 'Flow', 'State', 'Forward', 'By', 'Posted', 'Took'].map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div className="relative" role="rowgroup" style={{ height: lines.getTotalSize() }}>
          {lines.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row === undefined ? null : <Row key={row.id} row={row} now={now} top={start} />;
          })}
        </div>
      </div>
      {hasMore && <p className="px-4 py-2 text-11 text-fg-3">Older jobs come as you scroll.</p>}
    </div>
  );
}

function Row({ row, now, top }: { readonly row: JobRow; readonly now: number; readonly top: number }) {
  const { startedAt, endedAt } = row;
  return (
    <div
      role="row"
      className={`absolute inset-x-0 grid ${COLUMNS} items-center gap-3 border-b border-line px-4 text-12 hover:bg-hover`}
      style={{ top, height: ROW }}
      data-testid={`job-${row.id}`}
    >
      <span role="cell" className="min-w-0 truncate">
        <Link
          to="/jobs/$jobId"
          params={{ jobId: row.id }}
          className="font-mono text-11 text-accent-fg after:absolute after:inset-0 hover:underline"
        >
          {row.id}
        </Link>
      </span>
      <span role="cell" className="min-w-0 truncate" title={row.flowName}>
        <span className="font-medium">{row.flowName}</span> <span className="text-fg-3">v{row.version}</span>
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-1.5">
        <StateBadge state={row.run} />
        {row.attention !== null && (
          <CircleAlert role="img" aria-label={attentionWords(row.attention)} size={14} className="shrink-0 text-st-failed-fg" />
        )}
      </span>
      <span role="cell" className="min-w-0 truncate text-fg-2" title={row.forward}>
        {row.attention === null ? (
          row.forward || '–'
        ) : (
          <span className="text-st-failed-fg">
            {attentionWords(row.attention)}
            {row.forward === '' ? '' : `, ${row.forward}`}
          </span>
        )}
      </span>
      <span role="cell" className="min-w-0 truncate text-fg-2">
        {row.postedBy}
      </span>
      <span role="cell" className="relative z-10 w-fit text-fg-2">
        <TimeOf time={row.postedAt} now={now} relative />
      </span>
      <span role="cell" className="text-fg-2" title={endedAt === null ? undefined : `ended ${exactTime(endedAt)}`}>
        {startedAt === null ? 'not begun' : durationWords((endedAt ?? now) - startedAt)}
      </span>
    </div>
  );
}
