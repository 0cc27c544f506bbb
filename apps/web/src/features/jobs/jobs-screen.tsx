// All jobs, newest first, as they change.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useRef, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Select } from '../../ui/text-field.tsx';
import { type FilterId, JOB_FILTERS } from './job-filter.ts';
import { JobTable } from './job-table.tsx';

const PAGE = 50;
/** Changes are gathered so long before the list is asked for again. */
const GENTLE_MS = 400;

export function JobsScreen() {
  const trpc = useTRPC();
  const [filterId, setFilterId] = useState<FilterId>('all');
  const [flow, setFlow] = useState('');
  const filter = JOB_FILTERS.find(({ id }) => id === filterId) ?? JOB_FILTERS[0];
  const flows = useQuery(trpc.flows.list.queryOptions());
  const counts = useQuery(trpc.jobs.counts.queryOptions());
  const jobs = useInfiniteQuery(
    trpc.jobs.list.infiniteQueryOptions(
      { ...filter.query, limit: PAGE, ...(flow === '' ? {} : { flow }) },
      { getNextPageParam: ({ next }) => next ?? undefined, placeholderData: (before) => before },
    ),
  );
  useGentleRefresh();
  const rows = jobs.data?.pages.flatMap((page) => page.rows) ?? [];
  const numbers = countsOf(counts.data);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h1 className="text-15 font-semibold">Jobs</h1>
        <fieldset className="ml-3 flex items-center gap-1">
          <legend className="sr-only">Which jobs</legend>
          {JOB_FILTERS.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === filterId}
              onClick={() => setFilterId(id)}
              className={cx(
                'inline-flex h-6 items-center gap-1.5 rounded-full border px-2.5 text-12',
                id === filterId
                  ? 'border-accent-ring bg-accent-tint font-medium text-accent-fg'
                  : 'border-line bg-surface text-fg-2 hover:bg-hover',
              )}
            >
              {label}
              {numbers[id] !== undefined && (
                <span
                  className={cx(
                    'text-11 tabular-nums',
                    id === 'attention' && numbers[id] > 0 ? 'font-semibold text-st-failed-fg' : 'text-fg-3',
                  )}
                >
                  {numbers[id]}
                </span>
              )}
            </button>
          ))}
        </fieldset>
        <Select aria-label="Flow" className="!w-52" value={flow} onChange={({ target }) => setFlow(target.value)}>
          <option value="">Every flow</option>
          {flows.data?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </header>
      {jobs.error !== null && (
        <Banner tone="failed" title="The list cannot be had." actions={<Button onClick={() => void jobs.refetch()}>Ask again</Button>}>
          {sentenceOf(jobs.error)}
        </Banner>
      )}
      {jobs.isPending && jobs.error === null && <Empty>Asking for the jobs…</Empty>}
      {!jobs.isPending && rows.length === 0 && jobs.error === null && (
        <Empty>{flow === '' ? filter.empty : 'No job of this flow is in this list.'}</Empty>
      )}
      {rows.length > 0 && (
        <JobTable rows={rows} hasMore={jobs.hasNextPage} onMore={() => !jobs.isFetchingNextPage && void jobs.fetchNextPage()} />
      )}
    </div>
  );
}

function countsOf(data: { readonly byState: { readonly [state: string]: number | undefined }; readonly attention: number } | undefined): {
  readonly [id in FilterId]?: number;
} {
  if (data === undefined) return {};
  const of = (...states: string[]) => states.reduce((sum, state) => sum + (data.byState[state] ?? 0), 0);
  return {
    all: of(...Object.keys(data.byState)),
    running: of('SCHEDULED', 'UNCLAIMED', 'CLAIMED'),
    attention: data.attention,
    complete: of('COMPLETE'),
  };
}

/** Asks again after changes, never oftener than a person can read. */
function useGentleRefresh(): void {
  const trpc = useTRPC();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      void client.invalidateQueries({ queryKey: trpc.jobs.list.pathKey() });
      void client.invalidateQueries({ queryKey: trpc.jobs.counts.pathKey() });
    }, GENTLE_MS);
  };
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  useSubscription(trpc.jobs.changed.subscriptionOptions(undefined, { onData: refresh, onStarted: refresh }));
}
