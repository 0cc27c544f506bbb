import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AtomSnapshot, Entry } from '@windlass/engine/run';
import { isJsonObject } from '@windlass/engine/definition';
import { useTRPC } from '../../../lib/trpc.ts';
import { StateBadge } from '../../../ui/state/state-badge.tsx';
import { shownState } from '../../../ui/state/state-look.ts';

const ASK_EVERY_MS = 2_000;
/** A job that is complete can still be rolled back. */
const ASK_SELDOM_MS = 10_000;

/**
 * The job that a task has launched, as its output, its wait or its failure names it. A task that was undone while it waited has none of
 * these: then the entry of its wait names the job. `at` is the last entry that is shown.
 */
export function launchedBy(
  atom: AtomSnapshot,
  { entries, at }: { readonly entries: readonly Entry[]; readonly at: number | null },
): string | null {
  if (atom.waiting?.on === 'job') return atom.waiting.job;
  for (const data of [atom.output, atom.failure?.data]) {
    const job = data !== undefined && data !== null && isJsonObject(data) ? data['job'] : undefined;
    if (typeof job === 'string' && /^job_[a-z0-9]+$/.test(job)) return job;
  }
  const waits = entries.findLast(
    (entry) =>
      entry.kind === 'ATOM' && entry.atom === atom.atom && entry.data?.waiting?.on === 'job' && (at === null || entry.number <= at),
  );
  if (waits?.kind !== 'ATOM' || waits.attempt !== atom.attempt || waits.data?.waiting?.on !== 'job') return null;
  return waits.data.waiting.job;
}

/** The live state of a launched job, and a link to its page. */
export function LaunchedJob({ job }: { readonly job: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.jobs.row.queryOptions(
      { job },
      { refetchInterval: ({ state }) => (state.data?.state === 'COMPLETE' ? ASK_SELDOM_MS : ASK_EVERY_MS) },
    ),
  );
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Link to="/jobs/$jobId" params={{ jobId: job }} className="text-accent-fg hover:underline">
        {data?.flowName ?? job}
      </Link>
      {data !== undefined && <StateBadge state={shownState(data)} />}
      {data?.forward ? <span className="text-fg-3">{data.forward}</span> : null}
    </span>
  );
}
