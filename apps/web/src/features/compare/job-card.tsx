import { Link } from '@tanstack/react-router';
import type { JobRow } from '@windlass/engine/run';
import { durationWords } from '../../lib/times.ts';
import { useNow } from '../../lib/use-now.ts';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { shownState } from '../../ui/state/state-look.ts';
import { TimeOf } from '../../ui/time-of.tsx';

/** One of the two jobs, with the letter that names it in the tables. */
export function JobCard({ letter, row }: { readonly letter: 'A' | 'B'; readonly row: JobRow }) {
  const now = useNow(10_000);
  const { startedAt, endedAt } = row;
  return (
    <article aria-label={`Job ${letter}`} className="min-w-0 rounded-3 border border-line bg-surface px-4 py-3 text-12">
      <p className="flex items-center gap-2">
        <b className="grid size-5 shrink-0 place-items-center rounded-1 bg-accent-tint text-11 text-accent-fg">{letter}</b>
        <span className="truncate font-semibold">{row.flowName}</span>
        <span className="text-fg-3">v{row.version}</span>
        <span className="flex-1" />
        <StateBadge state={shownState(row)} />
      </p>
      <p className="mt-1.5 flex flex-wrap gap-x-2 text-fg-2">
        <Link to="/jobs/$jobId" params={{ jobId: row.id }} className="font-mono text-11 text-accent-fg hover:underline">
          {row.id}
        </Link>
        <span>
          by {row.postedBy}, <TimeOf time={startedAt ?? row.postedAt} now={now} relative />
        </span>
        {startedAt !== null && <span>{durationWords((endedAt ?? now) - startedAt)}</span>}
        {row.forward !== '' && <span>{row.forward}</span>}
      </p>
    </article>
  );
}
