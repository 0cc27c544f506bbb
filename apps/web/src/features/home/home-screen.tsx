// What needs a person first, then what is going on, then the flows.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Empty } from '../../ui/empty.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TimeOf } from '../../ui/time-of.tsx';
import { TopBar } from '../../ui/top-bar.tsx';

const COUNTED = [
  ['UNCLAIMED', 'Unclaimed'],
  ['CLAIMED', 'Running'],
  ['WAITING', 'Waiting'],
  ['COMPLETE', 'Complete'],
] as const;

export function HomeScreen() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const counts = useQuery(trpc.jobs.counts.queryOptions());
  const attention = useQuery(trpc.jobs.list.queryOptions({ attention: true, limit: 10 }));
  const recent = useQuery(trpc.jobs.list.queryOptions({ limit: 8 }));
  const flows = useQuery(trpc.flows.list.queryOptions());
  useSubscription(
    trpc.jobs.changed.subscriptionOptions(undefined, { onData: () => void client.invalidateQueries({ queryKey: trpc.jobs.pathKey() }) }),
  );
  return (
    <>
      <TopBar>
        <h1 className="text-13 font-semibold">Home</h1>
      </TopBar>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto grid max-w-[1100px] gap-6 px-6 py-6">
          <section aria-label="Jobs by state" className="grid grid-cols-5 overflow-hidden rounded-3 border border-line bg-surface">
            <Count label="Needs attention" to="/attention" value={counts.data?.attention ?? 0} urgent />
            {COUNTED.map(([state, label]) => (
              <Count key={state} label={label} value={counts.data?.byState[state] ?? 0} />
            ))}
          </section>
          {(attention.data?.rows.length ?? 0) > 0 && <Jobs title="Needs attention" rows={attention.data?.rows ?? []} />}
          <Jobs title="Last jobs" rows={recent.data?.rows ?? []} />
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
  urgent = false,
}: {
  readonly label: string;
  readonly value: number;
  readonly to?: '/jobs' | '/attention';
  readonly urgent?: boolean;
}) {
  return (
    <Link to={to} className="border-r border-line px-4 py-3 last:border-0 hover:bg-hover">
      <div className={`text-20 font-semibold ${urgent && value > 0 ? 'text-st-doubt-fg' : ''}`}>{value.toLocaleString()}</div>
      <div className="text-11 text-fg-3">{label}</div>
    </Link>
  );
}

interface Row {
  readonly id: string;
  readonly flowName: string;
  readonly run: string;
  readonly forward: string;
  readonly postedAt: number;
  readonly postedBy: string;
}

function Jobs({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  const now = useNow(5_000);
  return (
    <section aria-label={title} className="rounded-3 border border-line bg-surface">
      <h2 className="border-b border-line px-4 py-2 text-11 font-semibold text-fg-3">{title}</h2>
      {rows.length === 0 && <Empty>No job yet. Open a flow and press Launch…</Empty>}
      <ul>
        {rows.map((job) => (
          <li key={job.id} className="border-b border-line last:border-0">
            <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="flex h-8 items-center gap-3 px-4 text-12 hover:bg-hover">
              <span className="w-44">
                <StateBadge state={job.run} />
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
