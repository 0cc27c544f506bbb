// The record of a bulk act beside the list, and the list of such records. The address says which one is open.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ProgressBar } from '../../ui/state/progress-bar.tsx';
import { TimeOf } from '../../ui/time-of.tsx';
import { bulkStateWords, bulkTitle, outcomeWords } from './bulk-words.ts';

/** Interval of loading a bulk act that has not ended. */
const EVERY_MS = 700;
const OUTCOMES = ['done', 'refused', 'failed', 'waiting'] as const;

export interface BulkSheetProps {
  /** The number of a bulk act, or `all`. */
  readonly bulk: string;
  readonly onOpen: (bulk: string | undefined) => void;
}

export function BulkSheet({ bulk, onOpen }: BulkSheetProps) {
  return bulk === 'all' ? <BulkList onOpen={onOpen} /> : <BulkRecord key={bulk} id={Number(bulk)} onOpen={onOpen} />;
}

function BulkList({ onOpen }: Pick<BulkSheetProps, 'onOpen'>) {
  const trpc = useTRPC();
  const now = useNow(10_000);
  const acts = useInfiniteQuery(trpc.bulk.list.infiniteQueryOptions({ limit: 30 }, { getNextPageParam: ({ next }) => next ?? undefined }));
  const rows = acts.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Dialog open shape="sheet" onClose={() => onOpen(undefined)} title="Bulk acts" description="Acts on many jobs at once, newest first.">
      {acts.error !== null && <Empty>{sentenceOf(acts.error)}</Empty>}
      {acts.isSuccess && rows.length === 0 && <Empty>No bulk act was done yet. Select jobs in the list to begin one.</Empty>}
      <ul className="-mx-2 grid">
        {rows.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className="grid w-full grid-cols-[1fr_auto] gap-x-3 gap-y-0.5 rounded-2 px-2 py-2 text-left text-12 hover:bg-hover"
              onClick={() => onOpen(String(one.id))}
            >
              <span className="truncate font-medium">
                {bulkTitle(one)} <span className="font-normal text-fg-3">#{one.id}</span>
              </span>
              <span className="text-fg-2">{bulkStateWords(one)}</span>
              <span className="truncate text-11 text-fg-3">{one.act.reason || 'no reason given'}</span>
              <span className="text-11 text-fg-3">
                {one.actor.name}, <TimeOf time={one.askedAt} now={now} relative />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {acts.hasNextPage && <Button onClick={() => void acts.fetchNextPage()}>Older ones</Button>}
    </Dialog>
  );
}

function BulkRecord({ id, onOpen }: { readonly id: number; readonly onOpen: BulkSheetProps['onOpen'] }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const now = useNow(10_000);
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number] | null>(null);
  const pages = useInfiniteQuery(
    trpc.bulk.get.infiniteQueryOptions(
      { id, ...(outcome === null ? {} : { outcome }) },
      {
        getNextPageParam: ({ next }) => next ?? undefined,
        refetchInterval: ({ state }) => (isGoingOn(state.data?.pages[0]?.bulk.state) ? EVERY_MS : false),
      },
    ),
  );
  const stop = useMutation(
    trpc.bulk.stop.mutationOptions({ onSettled: () => void client.invalidateQueries({ queryKey: trpc.bulk.pathKey() }) }),
  );
  const bulk = pages.data?.pages[0]?.bulk;
  const jobs = pages.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <Dialog
      open
      shape="sheet"
      onClose={() => onOpen(undefined)}
      title={bulk === undefined ? `Bulk act ${id}` : `${bulkTitle(bulk)} · #${id}`}
      footer={
        <>
          <Button look="quiet" onClick={() => onOpen('all')}>
            All bulk acts
          </Button>
          {bulk?.state === 'RUNNING' && (
            <Button look="danger" disabled={stop.isPending} onClick={() => stop.mutate({ id })}>
              Stop: leave the others alone
            </Button>
          )}
        </>
      }
    >
      {pages.error !== null && <Empty>{sentenceOf(pages.error)}</Empty>}
      {bulk !== undefined && (
        <>
          <dl className="grid grid-cols-[80px_1fr] gap-x-3 gap-y-1 text-12 [&_dt]:text-fg-3">
            <dt>State</dt>
            <dd data-testid="bulk-state">{bulkStateWords(bulk)}</dd>
            <dt>Who</dt>
            <dd>
              {bulk.actor.name}, <TimeOf time={bulk.askedAt} now={now} relative />
            </dd>
            <dt>Reason</dt>
            <dd className="break-words">{bulk.act.reason || 'none given'}</dd>
            <dt>Search</dt>
            <dd className="break-words">
              {bulk.search === '' ? 'picked by hand' : <code className="font-mono text-11">{bulk.search}</code>}
            </dd>
          </dl>
          {isGoingOn(bulk.state) && <Progress total={bulk.total} outcomes={bulk.outcomes} />}
          <fieldset className="mb-2 mt-4 flex flex-wrap gap-1">
            <legend className="sr-only">Which outcome</legend>
            {OUTCOMES.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === outcome}
                onClick={() => setOutcome(one === outcome ? null : one)}
                className="inline-flex h-6 items-center gap-1.5 rounded-full border border-line px-2.5 text-12 text-fg-2 hover:bg-hover aria-pressed:border-accent-ring aria-pressed:bg-accent-tint aria-pressed:text-accent-fg"
              >
                {one}{' '}
                <span className="text-11 tabular-nums">
                  {(one === 'waiting' ? waitingIn(bulk) : bulk.outcomes[one]).toLocaleString('en')}
                </span>
              </button>
            ))}
          </fieldset>
          <ul aria-label="Jobs of this act" className="grid border-t border-line">
            {jobs.map((one) => (
              <li
                key={one.number}
                className="grid min-h-8 grid-cols-[150px_70px_1fr] items-center gap-x-3 border-b border-line py-1 text-12"
              >
                <Link to="/jobs/$jobId" params={{ jobId: one.job }} className="truncate font-mono text-11 text-accent-fg hover:underline">
                  {one.job}
                </Link>
                <span className={one.outcome === 'failed' ? 'text-st-failed-fg' : 'text-fg-2'}>{outcomeWords(one.outcome)}</span>
                <span className="break-words text-11 text-fg-3">{one.note}</span>
              </li>
            ))}
          </ul>
          {pages.hasNextPage && (
            <Button className="mt-2" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              More jobs
            </Button>
          )}
        </>
      )}
    </Dialog>
  );
}

type Outcomes = { readonly done: number; readonly refused: number; readonly failed: number };

function Progress({ total, outcomes }: { readonly total: number; readonly outcomes: Outcomes }) {
  const gone = total - waitingIn({ total, outcomes });
  return (
    <div className="mt-3">
      <ProgressBar label="Jobs that had their turn" fraction={gone / Math.max(1, total)} hue="running" className="h-1 rounded-full" />
    </div>
  );
}

function waitingIn({ total, outcomes }: { readonly total: number; readonly outcomes: Outcomes }): number {
  return total - outcomes.done - outcomes.refused - outcomes.failed;
}

function isGoingOn(state: string | undefined): boolean {
  return state === 'RUNNING' || state === 'PREPARING';
}
