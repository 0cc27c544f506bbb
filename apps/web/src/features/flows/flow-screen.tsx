// The page of a flow: its runs as squares, the success rate, durations, and how much of it can be undone.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { durationWords, percentWords } from '../../lib/times.ts';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/empty.tsx';
import { RunSquares } from '../../ui/state/run-squares.tsx';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { TopBar } from '../../ui/top-bar.tsx';
import { DurationPlot } from './duration-plot.tsx';
import { WINDOW, countsOf, durationsOf, percentile, successRate } from './run-statistics.ts';
import { VersionList } from './version-list.tsx';

const SQUARES = 100;
const ASK_EVERY_MS = 5_000;

export function FlowScreen() {
  const { flowId = '' } = useParams({ strict: false });
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.flows.history.queryOptions({ flow: flowId }, { refetchInterval: ASK_EVERY_MS }));
  const points = useMemo(() => durationsOf(data?.runs ?? []), [data?.runs]);
  if (data === undefined)
    return <Empty action={<Link to="/flows">See the flows</Link>}>{error === null ? 'Loading the runs…' : sentenceOf(error)}</Empty>;
  const { runs, coverage, versions, name, more } = data;
  const rate = successRate(runs);
  const took = points.map((point) => point.took);
  return (
    <>
      <TopBar
        actions={
          <Link
            to="/flows/$flowId"
            params={{ flowId }}
            className="inline-flex h-7 items-center gap-1.5 rounded-2 border border-line-strong bg-surface px-2.5 text-12 font-medium hover:bg-hover"
          >
            <Pencil aria-hidden size={13} /> Open in the designer
          </Link>
        }
      >
        <Link to="/flows" className="text-fg-3 hover:text-fg">
          Flows
        </Link>
        <span className="text-fg-3">/</span>
        <h1 className="truncate font-semibold">{name}</h1>
        <span className="text-fg-3">runs</span>
      </TopBar>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto grid max-w-[1100px] gap-5 px-6 py-6">
          <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
            <Figure
              name="Success rate"
              value={rate === null ? '–' : percentWords(rate.share)}
              of={rate === null ? 'no run has ended yet' : `of ${rate.of} that ended`}
            />
            <Figure name="Median duration" value={wordsOf(percentile(took, 0.5))} of={`of ${took.length} that succeeded`} />
            <Figure name="95 of 100 within" value={wordsOf(percentile(took, 0.95))} of={`99 within ${wordsOf(percentile(took, 0.99))}`} />
            <Figure
              name="Revert coverage"
              value={percentWords(coverage.share)}
              of={coverage.irreversible.length === 0 ? 'everything can be undone' : `${coverage.irreversible.length} cannot be undone`}
            />
          </dl>
          <Part title={`Last ${Math.min(SQUARES, runs.length)} runs`}>
            {runs.length === 0 ? (
              <p className="text-12 text-fg-3">No run of this flow has ended yet. Running jobs are in the list of jobs.</p>
            ) : (
              <RunSquares runs={runs.slice(0, SQUARES)} label="Last runs" />
            )}
            <ul className="mt-3 flex flex-wrap gap-3 text-12">
              {countsOf(runs).map(([state, count]) => (
                <li key={state} className="inline-flex items-center gap-1.5">
                  <StateBadge state={state} /> <span className="tabular-nums text-fg-2">{count}</span>
                </li>
              ))}
            </ul>
            {more && <p className="mt-2 text-11 text-fg-3">These are the newest {runs.length} runs. Older ones are in the list of jobs.</p>}
          </Part>
          <Part title="How long it takes">
            {points.length < 2 ? (
              <p className="text-12 text-fg-3">The plot appears after two successful runs.</p>
            ) : (
              <>
                <DurationPlot points={points} />
                <p className="mt-1 text-11 text-fg-3">
                  Each dot is a successful run. The lines are percentiles of the last {WINDOW} successful runs up to it.
                </p>
              </>
            )}
          </Part>
          <div className="grid gap-5 md:grid-cols-2">
            <Part title="What cannot be undone">
              {coverage.irreversible.length === 0 ? (
                <p className="text-12 text-fg-3">Every task with an effect has a revert.</p>
              ) : (
                <ol className="grid gap-1 text-12">
                  {coverage.irreversible.map(({ item, name: task, reason }) => (
                    <li key={item}>
                      <b className="font-medium">{task}</b> <span className="text-fg-2">{reason}</span>
                    </li>
                  ))}
                </ol>
              )}
            </Part>
            <Part title="Versions">
              <VersionList flow={flowId} versions={versions} runs={runs} />
            </Part>
          </div>
        </div>
      </div>
    </>
  );
}

function wordsOf(ms: number | null): string {
  return ms === null ? '–' : durationWords(ms);
}

function Figure({ name, value, of }: { readonly name: string; readonly value: string; readonly of: string }) {
  return (
    <div className="rounded-3 border border-line bg-surface px-4 py-3">
      <dt className="text-11 text-fg-3">{name}</dt>
      <dd className="mt-0.5 text-[20px] font-semibold leading-7 tabular-nums">{value}</dd>
      <dd className="text-11 text-fg-3">{of}</dd>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0 rounded-3 border border-line bg-surface px-4 py-3">
      <h2 className="mb-2 text-12 font-semibold">{title}</h2>
      {children}
    </section>
  );
}
