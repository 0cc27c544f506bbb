// Needs attention: all jobs that wait for a person, with the causes and the effect of each choice; people answer here.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../../lib/trpc.ts';
import { useNow } from '../../../lib/use-now.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Asked } from '../acts/ask-dialog.tsx';
import type { Ask } from '../acts/ask.ts';
import { DeskJob } from './desk-job.tsx';

export function DeskScreen() {
  const trpc = useTRPC();
  // The address may name one job, for example in the link of a notice about an approval.
  const { job } = useSearch({ strict: false });
  const client = useQueryClient();
  const [ask, setAsk] = useState<{ readonly job: string; readonly ask: Ask } | null>(null);
  const now = useNow(5_000);
  const desk = useInfiniteQuery(
    trpc.attention.list.infiniteQueryOptions(job === undefined ? {} : { job }, {
      getNextPageParam: ({ next }) => next ?? undefined,
      placeholderData: (before) => before,
    }),
  );
  const counts = useQuery(trpc.resources.counts.queryOptions());
  const refresh = () => void client.invalidateQueries({ queryKey: trpc.attention.pathKey() });
  useSubscription(trpc.jobs.changed.subscriptionOptions(undefined, { onData: refresh, onStarted: refresh }));
  const rows = desk.data?.pages.flatMap((page) => page.rows) ?? [];
  const orphans = counts.data?.orphans ?? 0;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h1 className="text-15 font-semibold">Needs attention</h1>
        {desk.data !== undefined && (
          <span className="text-12 text-fg-3">
            {rows.length === 0
              ? 'nothing waits for a person'
              : `${rows.length}${desk.hasNextPage ? ' or more' : ''} ${rows.length === 1 ? 'job waits' : 'jobs wait'} for a person`}
          </span>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto grid max-w-[1000px] gap-4 px-6 py-6">
          {desk.error !== null && (
            <Banner
              tone="failed"
              title="The jobs could not be loaded."
              actions={<Button onClick={() => void desk.refetch()}>Ask again</Button>}
            >
              {sentenceOf(desk.error)}
            </Banner>
          )}
          {desk.data !== undefined && rows.length === 0 && (
            <Empty
              action={
                job === undefined ? undefined : (
                  <Link to="/jobs/$jobId" params={{ jobId: job }}>
                    Open the job
                  </Link>
                )
              }
            >
              {job === undefined
                ? 'No job needs you: no job is held, in doubt, waiting for an approval or stopped in a rollback.'
                : 'This job no longer needs a person: it was answered, or went on by itself.'}
            </Empty>
          )}
          {rows.map(({ job, items, deadLetter }) => (
            <DeskJob key={job.id} job={job} items={items} deadLetter={deadLetter} now={now} onAsk={setAsk} />
          ))}
          {desk.hasNextPage && (
            <Button className="w-fit" disabled={desk.isFetchingNextPage} onClick={() => void desk.fetchNextPage()}>
              Show older
            </Button>
          )}
          {orphans > 0 && (
            <section aria-label="Orphans" className="rounded-3 border border-line bg-surface px-4 py-3 text-12">
              <h2 className="font-semibold">
                {orphans === 1 ? 'One resource is held by a job that has ended' : `${orphans} resources are held by jobs that have ended`}
              </h2>
              <p className="mt-0.5 text-fg-2">
                They stand until a person releases them.{' '}
                <Link to="/resources" className="text-accent-fg hover:underline">
                  Open the ledger
                </Link>
              </p>
            </section>
          )}
        </div>
      </div>
      {ask !== null && (
        <Asked
          key={ask.ask.title}
          {...ask}
          onClose={() => {
            setAsk(null);
            refresh();
          }}
        />
      )}
    </div>
  );
}
