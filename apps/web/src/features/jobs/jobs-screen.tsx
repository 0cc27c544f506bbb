// All jobs, or those that a search finds, live. The search is a text; the chips show parts of it.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ArrowDownWideNarrow, ArrowUpNarrowWide } from 'lucide-react';
import { isRefusal, sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { BulkSheet } from './bulk-sheet.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { columnsOf } from './columns.tsx';
import { JOB_FILTERS, chosenIn, restOf } from './job-filter.ts';
import { JobTable } from './job-table.tsx';
import { useListState } from './list-state.ts';
import { QuickChips } from './quick-chips.tsx';
import { SearchBox, TermChips } from './search-box.tsx';
import { useSelection } from './selection.ts';
import { useGentleRefresh } from './use-gentle-refresh.ts';
import { ViewsMenu } from './views-menu.tsx';

const PAGE = 50;
/** The server caches costly counts, so the page asks again some time after the last change. */
const COUNT_AGAIN_MS = 5_000;

export function JobsScreen() {
  const trpc = useTRPC();
  const list = useListState();
  const { text, order, columns, bulk, change } = list;
  const setText = (q: string) => change({ q });
  const counts = useQuery(trpc.jobs.counts.queryOptions(undefined, { refetchInterval: COUNT_AGAIN_MS }));
  const jobs = useInfiniteQuery(
    trpc.jobs.list.infiniteQueryOptions(
      { search: text, order, limit: PAGE },
      { getNextPageParam: ({ next }) => next ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  // The rows are requested first, because in one batch they would wait for the count.
  const found = useQuery(
    trpc.jobs.count.queryOptions({ search: text }, { enabled: jobs.isSuccess && !jobs.isPlaceholderData, refetchInterval: COUNT_AGAIN_MS }),
  );
  useGentleRefresh();
  const selection = useSelection(text);
  const rows = jobs.data?.pages.flatMap((page) => page.rows) ?? [];
  const refused = jobs.error !== null && isRefusal(jobs.error) ? sentenceOf(jobs.error) : null;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="grid shrink-0 gap-2 border-b border-line bg-surface px-4 py-2">
        <div className="flex items-start gap-3">
          <h1 className="pt-1 text-15 font-semibold leading-5">Jobs</h1>
          <SearchBox text={text} refused={refused} onChange={setText} />
          <ViewsMenu {...list} />
          <ColumnsMenu columns={columns} onChange={(next) => change({ columns: next })} />
          <Button look="quiet" onClick={() => change({ bulk: 'all' })}>
            Bulk acts
          </Button>
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <QuickChips text={text} counts={counts.data} onChange={setText} />
          <TermChips text={text} onChange={setText} />
          <span className="flex-1" />
          <span className="text-12 tabular-nums text-fg-2" data-testid="found" aria-live="polite">
            {refused === null && found.data !== undefined && countWords(found.data)}
          </span>
          <IconButton
            label={order === 'newest' ? 'Newest first' : 'Oldest first'}
            size="small"
            onClick={() => change({ order: order === 'newest' ? 'oldest' : undefined })}
          >
            {order === 'newest' ? <ArrowDownWideNarrow size={14} /> : <ArrowUpNarrowWide size={14} />}
          </IconButton>
        </div>
      </header>
      {jobs.error !== null && refused === null && (
        <Banner
          tone="failed"
          title="The list could not be loaded."
          actions={<Button onClick={() => void jobs.refetch()}>Ask again</Button>}
        >
          {sentenceOf(jobs.error)}
        </Banner>
      )}
      {jobs.isPending && jobs.error === null && <Empty>Loading the jobs…</Empty>}
      {!jobs.isPending && rows.length === 0 && jobs.error === null && <Empty>{emptyWords(text)}</Empty>}
      {refused === null && (
        <BulkBar selection={selection} search={text} found={found.data ?? null} onPosted={(id) => change({ bulk: String(id) })} />
      )}
      {refused === null && rows.length > 0 && (
        <JobTable
          rows={rows}
          columns={columnsOf(columns)}
          selection={selection}
          hasMore={jobs.hasNextPage}
          onMore={() => !jobs.isFetchingNextPage && void jobs.fetchNextPage()}
        />
      )}
      {bulk !== undefined && <BulkSheet bulk={bulk} onOpen={(next) => change({ bulk: next })} />}
    </div>
  );
}

function countWords({ count, isExact }: { readonly count: number; readonly isExact: boolean }): string {
  return `${count.toLocaleString('en')}${isExact ? '' : '+'} ${count === 1 ? 'job' : 'jobs'}`;
}

function emptyWords(text: string): string {
  const chosen = JOB_FILTERS.find(({ id }) => id === chosenIn(text));
  return chosen !== undefined && restOf(text).length === 0 ? chosen.empty : 'No job matches this search. Remove a condition to see more.';
}
