// The ledger of resources: which are held, by which job, at which stage, since when. Orphans are marked.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LedgerRow } from '@windlass/engine/run';
import { useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TimeOf } from '../../ui/time-of.tsx';
import { ClaimsPart } from './claims-part.tsx';
import { StageTrack } from './stage-track.tsx';
import { holdingOf } from './holding-words.ts';

const PAGE = 50;
/** The server sends no changes of the ledger, so it is loaded at this interval while it is visible. */
const ASK_EVERY = 3_000;
const TONES = { plain: 'text-fg-2', doubt: 'font-medium text-st-doubt-fg', failed: 'font-medium text-st-failed-fg' };
const COLUMNS = 'grid-cols-[minmax(160px,1.4fr)_minmax(120px,1fr)_minmax(200px,1.2fr)_minmax(200px,1.4fr)_100px_minmax(150px,1fr)_90px]';

export function ResourcesScreen() {
  const trpc = useTRPC();
  const [orphans, setOrphans] = useState(false);
  const counts = useQuery(trpc.resources.counts.queryOptions(undefined, { refetchInterval: ASK_EVERY }));
  const list = useInfiniteQuery(
    trpc.resources.list.infiniteQueryOptions(
      { orphans, limit: PAGE },
      { getNextPageParam: ({ next }) => next ?? undefined, placeholderData: (before) => before, refetchInterval: ASK_EVERY },
    ),
  );
  const now = useNow();
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const filters = [
    { label: 'All held', is: false, count: counts.data?.held },
    { label: 'Orphans', is: true, count: counts.data?.orphans },
  ];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h1 className="text-15 font-semibold">Resources</h1>
        <fieldset className="ml-3 flex items-center gap-1">
          <legend className="sr-only">Which resources</legend>
          {filters.map(({ label, is, count }) => (
            <button
              key={label}
              type="button"
              aria-pressed={is === orphans}
              onClick={() => setOrphans(is)}
              className={cx(
                'inline-flex h-6 items-center gap-1.5 rounded-full border px-2.5 text-12',
                is === orphans
                  ? 'border-accent-ring bg-accent-tint font-medium text-accent-fg'
                  : 'border-line bg-surface text-fg-2 hover:bg-hover',
              )}
            >
              {label}
              {count !== undefined && (
                <span className={cx('text-11 tabular-nums', is && count > 0 ? 'font-semibold text-st-doubt-fg' : 'text-fg-3')}>
                  {count}
                </span>
              )}
            </button>
          ))}
        </fieldset>
      </header>
      {list.error !== null && (
        <Banner
          tone="failed"
          title="The ledger could not be loaded."
          actions={<Button onClick={() => void list.refetch()}>Ask again</Button>}
        >
          {sentenceOf(list.error)}
        </Banner>
      )}
      {list.isPending && list.error === null && <Empty>Loading the resources…</Empty>}
      {!list.isPending && list.error === null && rows.length === 0 && (
        <Empty>
          {orphans
            ? 'No resource is held by a job that has ended.'
            : 'No job holds a resource. A resource that a task such as “Lease a machine” takes is listed here until it is given back.'}
        </Empty>
      )}
      {rows.length > 0 && (
        <div className="min-h-0 flex-1 overflow-auto bg-surface">
          <div role="table" aria-label="Resources" className="min-w-[1060px]">
            <div
              role="row"
              className={`sticky top-0 z-10 grid ${COLUMNS} h-7 items-center gap-3 border-b border-line bg-sunken px-4 text-11 font-medium text-fg-3`}
            >
              {['Resource', 'Type', 'Stage', 'Job', 'Since', 'Holding', ''].map((name) => (
                <span key={name} role="columnheader">
                  {name}
                </span>
              ))}
            </div>
            <div role="rowgroup">
              {rows.map((row) => (
                <Row key={`${row.job} ${row.atom}`} row={row} now={now} />
              ))}
            </div>
          </div>
          {list.hasNextPage && (
            <Button className="m-3" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show older
            </Button>
          )}
        </div>
      )}
      <ClaimsPart />
    </div>
  );
}

function Row({ row, now }: { readonly row: LedgerRow; readonly now: number }) {
  const holding = holdingOf(row);
  return (
    <div
      role="row"
      data-testid={`resource-${row.job}-${row.atom}`}
      className={cx(`grid ${COLUMNS} min-h-9 items-center gap-3 border-b border-line px-4 py-1 text-12`, row.isOrphan && 'bg-st-doubt-bg')}
    >
      <span role="cell" className="min-w-0 truncate font-medium" title={row.label}>
        {row.label}
      </span>
      <span role="cell" className="min-w-0 truncate font-mono text-11 text-fg-2">
        {row.type}
      </span>
      <span role="cell">
        <StageTrack stages={row.stages} reached={row.stage} />
      </span>
      <span role="cell" className="min-w-0 truncate">
        <Link to="/jobs/$jobId" params={{ jobId: row.job }} className="font-mono text-11 text-accent-fg hover:underline">
          {row.job}
        </Link>{' '}
        <span className="text-fg-2">{row.flowName}</span>
      </span>
      <span role="cell" className="text-fg-2">
        <TimeOf time={row.since} now={now} relative />
      </span>
      <span role="cell" className={TONES[holding.tone]}>
        {holding.words}
      </span>
      <span role="cell">
        <Link
          to="/jobs/$jobId"
          params={{ jobId: row.job }}
          search={{ release: `${row.atom}.${row.stages[0] ?? row.stage}` }}
          aria-label={`Release ${row.label}`}
          className="inline-flex h-6 items-center rounded-2 border border-line-strong bg-surface px-2 text-11 text-st-revert-fg hover:bg-hover"
        >
          Release…
        </Link>
      </span>
    </div>
  );
}
