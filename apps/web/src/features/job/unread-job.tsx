// The page of a job whose run cannot be shown, because a flow version that it needs is absent or its logbook cannot be read: its row,
// the way back of a dead letter, and the entries as far as they can be read.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { CopyId } from '../../ui/copy-id.tsx';
import { Empty } from '../../ui/empty.tsx';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { lookOf, shownState } from '../../ui/state/state-look.ts';
import { TimeOf } from '../../ui/time-of.tsx';
import { DeadLetterBanner } from './acts/dead-letter-banner.tsx';
import { useJobPage, useRun } from './job-context.tsx';
import { Logbook } from './logbook.tsx';
import { unreadWords } from './run/unread-words.ts';

const ASK_EVERY_MS = 5_000;

export function UnreadJob({ error, goTo }: { readonly error: string; readonly goTo: (at: number | null) => void }) {
  const { job, store } = useJobPage();
  const trpc = useTRPC();
  const now = useNow();
  const hasEntries = useRun(({ entries }) => entries.length > 0);
  const { data: row } = useQuery(trpc.jobs.row.queryOptions({ job }, { refetchInterval: ASK_EVERY_MS, retry: false }));
  // When the row has changed, a conductor has worked on the job, so its run may be readable again.
  const seen = useRef<string | null>(null);
  useEffect(() => {
    if (row === undefined) return;
    const seenNow = `${row.state} ${row.run} ${row.attention}`;
    if (seen.current !== null && seen.current !== seenNow) store.loadAgain();
    seen.current = seenNow;
  }, [row, store]);
  if (row === undefined) return <Empty action={<Link to="/jobs">See the jobs</Link>}>{error}</Empty>;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-4">
        <Link to="/jobs" className="text-fg-3 hover:text-fg">
          Jobs
        </Link>
        <span className="text-fg-3">/</span>
        <span className="truncate font-medium" title={row.flowName}>
          {row.flowName}
        </span>
        <CopyId id={row.id} />
      </header>
      <div className="flex min-h-[52px] shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line bg-surface px-4 py-2">
        <h1 className="min-w-0 text-15 font-semibold leading-5 wrap-anywhere">{row.flowName}</h1>
        <StateBadge state={shownState(row)} data-testid="forward-badge" />
        {row.attention === 'dead_lettered' && row.run !== 'PENDING' && (
          <span className="text-12 text-fg-3">
            its run was <b className="font-medium text-fg-2">{lookOf(row.run).word}</b>
          </span>
        )}
        <p className="text-12 text-fg-3 [&_b]:font-medium [&_b]:text-fg-2">
          v{row.version} · launched by <b>{row.postedBy}</b>, <TimeOf time={row.postedAt} now={now} relative />
          {row.forward !== '' && ` · ${row.forward}`}
        </p>
      </div>
      <DeadLetterBanner />
      <p className="max-w-[80ch] px-4 py-3 text-12 text-fg-2" data-testid="unread">
        {unreadWords({ error, hasEntries, isDeadLetter: row.attention === 'dead_lettered' })}
      </p>
      {hasEntries && (
        <div className="flex min-h-0 flex-1 flex-col border-t border-line bg-surface">
          <Logbook goTo={goTo} />
        </div>
      )}
    </div>
  );
}
