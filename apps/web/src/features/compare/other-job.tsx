import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Empty } from '../../ui/empty.tsx';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { shownState } from '../../ui/state/state-look.ts';
import { TimeOf } from '../../ui/time-of.tsx';

const SHOWN = 30;

/** Asks for the second job; offers the newest jobs of the same flow. */
export function OtherJob({ job }: { readonly job: string }) {
  const trpc = useTRPC();
  const now = useNow(10_000);
  const first = useQuery(trpc.jobs.row.queryOptions({ job }, { retry: false }));
  const flow = first.data?.flow;
  const jobs = useQuery(
    trpc.jobs.list.queryOptions({ ...(flow === undefined ? {} : { flow }), limit: SHOWN }, { enabled: flow !== undefined }),
  );
  if (first.error !== null) return <Empty action={<Link to="/jobs">See the jobs</Link>}>{sentenceOf(first.error)}</Empty>;
  const others = jobs.data?.rows.filter(({ id }) => id !== job) ?? [];
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <section aria-label="Jobs of the same flow" className="mx-auto max-w-[900px] px-6 py-6">
        <h2 className="mb-2 text-12 font-semibold">
          Compare {first.data?.flowName ?? ''} <span className="font-mono text-11 text-fg-3">{job}</span> with
        </h2>
        {jobs.data !== undefined && others.length === 0 && <p className="text-12 text-fg-3">This flow has no other job yet.</p>}
        <ul className="divide-y divide-line overflow-hidden rounded-3 border border-line bg-surface">
          {others.map((row) => (
            <li key={row.id}>
              <Link
                to="/compare"
                search={{ jobs: `${job},${row.id}` }}
                className="flex items-center gap-3 px-4 py-2 text-12 hover:bg-hover"
              >
                <span className="font-mono text-11 text-accent-fg">{row.id}</span>
                <StateBadge state={shownState(row)} />
                <span className="min-w-0 flex-1 truncate text-fg-2">{row.forward}</span>
                <span className="text-fg-3">v{row.version}</span>
                <span className="text-fg-3">
                  <TimeOf time={row.postedAt} now={now} relative />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
