import { useVirtualizer } from '@tanstack/react-virtual';
import type { JobRow } from '@windlass/engine/run';
import { useRef } from 'react';
import { useNow } from '../../lib/use-now.ts';
import type { JobColumn } from './columns.tsx';
import type { Selection } from './selection.ts';

const ROW = 32;

export interface JobTableProps {
  readonly rows: readonly JobRow[];
  readonly columns: readonly JobColumn[];
  readonly selection: Selection;
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

/** Renders only visible rows; loads more pages near the end. */
export function JobTable({ rows, columns, selection, hasMore, onMore }: JobTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const lines = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const onScroll = () => {
    const box = scroller.current;
    if (hasMore && box !== null && box.scrollTop + box.clientHeight > box.scrollHeight - 10 * ROW) onMore();
  };
  const grid = { gridTemplateColumns: `20px ${columns.map(({ width }) => width).join(' ')}` };
  const ids = rows.map(({ id }) => id);
  const areAll = rows.length > 0 && rows.every(({ id }) => selection.has(id));
  return (
    <div ref={scroller} onScroll={onScroll} className="min-h-0 flex-1 overflow-auto bg-surface">
      <div role="table" aria-label="Jobs" aria-rowcount={rows.length} style={{ minWidth: columns.length * 130 }}>
        <div
          role="row"
          className="sticky top-0 z-20 grid h-7 items-center gap-3 border-b border-line bg-sunken px-4 text-11 font-medium text-fg-3"
          style={grid}
        >
          <span role="columnheader" className="flex items-center">
            <input
              type="checkbox"
              className="accent-accent"
              aria-label="Select every job that is shown"
              checked={areAll}
              onChange={() => (areAll ? selection.clear() : selection.add(ids))}
            />
          </span>
          {columns.map(({ id, label }) => (
            <span key={id} role="columnheader" className="truncate">
              {label}
            </span>
          ))}
        </div>
        <div className="relative" role="rowgroup" style={{ height: lines.getTotalSize() }}>
          {lines.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={row.id}
                role="row"
                data-testid={`job-${row.id}`}
                className={`absolute inset-x-0 grid items-center gap-3 border-b border-line px-4 text-12 hover:bg-hover ${selection.has(row.id) ? 'bg-accent-tint' : ''}`}
                style={{ ...grid, top: start, height: ROW }}
              >
                <span role="cell" className="relative z-10 flex items-center">
                  <input
                    type="checkbox"
                    className="accent-accent"
                    aria-label={`Select ${row.id}`}
                    checked={selection.has(row.id)}
                    onChange={() => selection.toggle(row.id)}
                  />
                </span>
                {columns.map(({ id, cell }) => (
                  <span key={id} role="cell" className="min-w-0 truncate">
                    {cell(row, now)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {hasMore && <p className="px-4 py-2 text-11 text-fg-3">More jobs come as you scroll.</p>}
    </div>
  );
}
