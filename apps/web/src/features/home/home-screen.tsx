// Jobs that need a person first, then running jobs, then the flows.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Empty } from '../../ui/empty.tsx';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { shownState } from '../../ui/state/state-look.ts';
import { TimeOf } from '../../ui/time-of.tsx';
import { TopBar } from '../../ui/top-bar.tsx';
import { COUNTERS, type HomeRow, type Place, countOf, groupsOf } from './home-groups.ts';

/** Number of jobs shown per group; its heading links to the rest. */
const SHOWN = 10;

export function HomeScreen() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const counts = useQuery(trpc.jobs.counts.queryOptions(undefined, { refetchInterval: 5_000 }));
  const attention = useQuery(trpc.jobs.list.queryOptions({ attention: true, limit: SHOWN }));
  const running = useQuery(trpc.jobs.list.queryOptions({ states: ['CLAIMED'], limit: SHOWN }));
  const unclaimed = useQuery(trpc.jobs.list.queryOptions({ states: ['SCHEDULED', 'UNCLAIMED'], limit: SHOWN }));
  const recent = useQuery(trpc.jobs.list.queryOptions({ limit: 8 }));
  const flows = useQuery(trpc.flows.list.queryOptions());
  useSubscription(
    trpc.jobs.changed.subscriptionOptions(undefined, { onData: () => void client.invalidateQueries({ queryKey: trpc.jobs.pathKey() }) }),
  );
  const groups = groupsOf({
    attention: attention.data?.rows ?? [],
    running: running.data?.rows ?? [],
    unclaimed: unclaimed.data?.rows ?? [],
  });
  return (
    <>
      <TopBar>
        <h1 className="text-13 font-semibold">Home</h1>
      </TopBar>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto grid max-w-[1100px] gap-6 px-6 py-6">
          <section aria-label="Jobs by state" className="grid grid-cols-5 overflow-hidden rounded-3 border border-line bg-surface">
            <Count label="Needs attention" to="/attention" value={counts.data?.attention ?? 0} urgent />
            {COUNTERS.map(({ label, states, search }) => (
              <Count key={label} label={label} search={search} value={countOf(counts.data?.byState, states)} />
            ))}
          </section>
          {groups.map(({ title, rows, more }) => (
            <Jobs key={title} title={title} rows={rows} more={more} />
          ))}
          <Jobs title="Last jobs" rows={recent.data?.rows ?? []} more={null} />
          <section aria-label="Flows" className="rounded-3 border border-line bg-surface">
            <h2 className="border-b border-line px-4 py-2 text-11 font-semibold text-fg-3">Flows</h2>
            {flows.data?.length === 0 && <Empty>No flows yet. Open Flows and make one, or import one.</Empty>}
            <ul>
              {flows.data?.slice(0, 6).map((flow) => (
                <li key={flow.id} className="border-b border-line last:border-0">
                  <Link
                    to="/flows/$flowId"
                    params={{ flowId: flow.id }}
                    className="flex h-8 items-center gap-3 px-4 text-12 hover:bg-hover"
                  >
                    <span className="flex-1 truncate font-medium">{flow.name}</span>
                    <span className="text-fg-3">{flow.pattern}</span>
                    <span className="w-16 text-right text-fg-3">{flow.version === 0 ? 'draft' : `v${flow.version}`}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </>
  );
}

function Count({
  label,
  value,
  to = '/jobs',
  search,
  urgent = false,
}: {
  readonly label: string;
  readonly value: number;
  readonly to?: '/jobs' | '/attention';
  /** The search with which the list of jobs opens. */
  readonly search?: string;
  readonly urgent?: boolean;
}) {
  return (
    <Link
      to={to}
      search={search === undefined ? {} : { q: search }}
      className="border-r border-line px-4 py-3 last:border-0 hover:bg-hover"
    >
      <div className={`text-20 font-semibold ${urgent && value > 0 ? 'text-st-doubt-fg' : ''}`}>{value.toLocaleString()}</div>
      <div className="text-11 text-fg-3">{label}</div>
    </Link>
  );
}

interface JobsProps {
  readonly title: string;
  readonly rows: readonly HomeRow[];
  /** Link to the other jobs of this group; null when there is no list of them. */
  readonly more: Place | null;
}

function Jobs({ title, rows, more }: JobsProps) {
  const now = useNow(5_000);
  return (
    <section aria-label={title} className="rounded-3 border border-line bg-surface">
      <h2 className="flex border-b border-line px-4 py-2 text-11 font-semibold text-fg-3">
        <span className="flex-1">{title}</span>
        {more !== null && (
          <Link
            to={more.to}
            search={more.search === undefined ? {} : { q: more.search }}
            aria-label={`All of “${title}”`}
            className="font-medium text-accent-fg hover:underline"
          >
            See all
          </Link>
        )}
      </h2>
      {rows.length === 0 && <Empty>No job yet. Open a flow and press Launch…</Empty>}
      <ul>
        {rows.map((job) => (
          <li key={job.id} className="border-b border-line last:border-0">
            <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="flex h-8 items-center gap-3 px-4 text-12 hover:bg-hover">
              <span className="w-44">
                <StateBadge state={shownState(job)} />
              </span>
              <span className="flex-1 truncate font-medium">{job.flowName}</span>
              <span className="truncate text-fg-3">{job.forward}</span>
              <span className="text-fg-3">{job.postedBy}</span>
              <span className="w-24 text-right text-fg-3">
                <TimeOf time={job.postedAt} now={now} relative />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
