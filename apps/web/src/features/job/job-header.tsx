// The header of a job: its forward and rollback outcome, its claim, and the acts that are possible now.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pause, Play, RotateCw, Square, Undo2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { durationWords, exactTime } from '../../lib/times.ts';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { lookOf } from '../../ui/state/state-look.ts';
import { TimeOf } from '../../ui/time-of.tsx';
import { againFrom } from './acts/again-from.ts';
import { applyAgainAsk, cancelAsk } from './acts/asks.ts';
import { byHandWords } from './run/by-hand.ts';
import { ConnectionChip } from './connection-chip.tsx';
import { isDeadLetter } from '@windlass/engine/run';
import { useJobPage, useRun, useView } from './job-context.tsx';
import { mayPlan } from './plan/open-plan.ts';
import { useTaskInputs } from './acts/use-task-inputs.ts';
import { forwardLook, holderAt, rollbackLook } from './run/words.ts';

export function JobHeader({ goTo }: { readonly goTo: (at: number | null) => void }) {
  const { nameOf } = useJobPage();
  const posted = useRun((state) => state.posted);
  const facts = useRun((state) => state.facts);
  if (posted === null || facts === null) return null;
  const rollback = rollbackLook(facts, { done: facts.done, total: facts.total, standing: facts.standing.length });
  return (
    <>
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-surface px-4 py-1.5">
        <Link to="/jobs" className="text-fg-3 hover:text-fg">
          Jobs
        </Link>
        <span className="text-fg-3">/</span>
        <Link to="/flows/$flowId" params={{ flowId: posted.flow }} className="truncate font-medium hover:underline" title={posted.flowName}>
          {posted.flowName}
        </Link>
        <CopyId id={posted.id} />
        <Link to="/compare" search={{ jobs: posted.id }} className="text-12 text-fg-2 hover:text-fg hover:underline">
          Compare…
        </Link>
        <span className="flex-1" />
        <ConnectionChip goTo={goTo} />
      </header>
      <div className="flex min-h-[52px] shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line bg-surface px-4 py-2">
        <h1 className="max-w-80 truncate text-15 font-semibold leading-5" title={posted.flowName}>
          {posted.flowName}
        </h1>
        <StateBadge state={forwardLook(facts, nameOf)} data-testid="forward-badge" />
        <ByHand />
        {rollback !== null && <StateBadge state={rollback} data-testid="rollback-badge" />}
        <Meta />
        <span className="flex-1" />
        <Actions />
      </div>
      <Notice />
    </>
  );
}

/** A run that people helped along did not go as it was drawn: it says so beside its outcome. */
function ByHand() {
  const { nameOf } = useJobPage();
  const facts = useRun((state) => state.facts);
  const entries = useRun((state) => state.entries);
  const at = useRun((state) => state.at);
  const words = useMemo(
    () => (facts === null ? [] : byHandWords(facts, at === null ? entries : entries.filter(({ number }) => number <= at), nameOf)),
    [facts, entries, at, nameOf],
  );
  if (words.length === 0) return null;
  return <StateBadge state={{ ...lookOf('IGNORE'), hue: 'doubt', word: `By hand: ${words.join('; ')}` }} data-testid="by-hand-badge" />;
}

function Meta() {
  const posted = useRun((state) => state.posted);
  const facts = useRun((state) => state.facts);
  // In a replay the time is that of the entry shown.
  const replayed = useRun(({ at, entries }) => (at === null ? null : (entries[at - (entries[0]?.number ?? 1)]?.time ?? null)));
  const holder = useRun(({ at, entries, holder: now }) => (at === null ? now : holderAt(entries, at)));
  const today = useNow();
  if (posted === null || facts === null) return null;
  const now = replayed ?? today;
  const { startedAt, endedAt } = facts;
  return (
    <p className="text-12 text-fg-3 [&_b]:font-medium [&_b]:text-fg-2">
      v{posted.version} ·{' '}
      {replayed !== null ? (
        <>
          as of{' '}
          <b>
            <TimeOf time={replayed} now={today} />
          </b>
          {holder === null ? (
            ', no conductor held the claim'
          ) : (
            <>
              , <b>{holder}</b> held the claim
            </>
          )}
        </>
      ) : holder === null ? (
        'no conductor holds the claim'
      ) : (
        <>
          <b>{holder}</b> holds the claim
          <Lease job={posted.id} holder={holder} now={today} />
        </>
      )}
      {startedAt !== null && (
        <>
          {' '}
          · started{' '}
          <b>
            <TimeOf time={startedAt} now={today} />
          </b>{' '}
          ·{' '}
          <span title={endedAt === null ? 'still going on' : `ended ${exactTime(endedAt)}`}>
            {durationWords((endedAt ?? now) - startedAt)}
          </span>
        </>
      )}{' '}
      · launched by <b>{posted.postedBy}</b>
    </p>
  );
}

/** Time until the lease ends and another conductor may take over the job. */
function Lease({ job, holder, now }: { readonly job: string; readonly holder: string; readonly now: number }) {
  const trpc = useTRPC();
  const { data, refetch } = useQuery(trpc.jobs.row.queryOptions({ job }, { refetchInterval: 5_000 }));
  // Another conductor has another lease.
  useEffect(() => void refetch(), [holder, refetch]);
  if (data?.leaseUntil == null || data.owner !== holder) return null;
  const left = Math.max(0, Math.round((data.leaseUntil - now) / 1_000));
  return <span title={`The lease ends at ${exactTime(data.leaseUntil)} unless it is renewed`}>, lease {left} s</span>;
}

function Actions() {
  const { acts, view } = useJobPage();
  const state = useRun(({ facts }) => facts?.state ?? 'PENDING');
  const at = useRun((run) => run.at);
  const hasReport = useRun((run) => run.facts?.rollback?.plan !== undefined);
  const failures = useRun(({ facts }) => facts?.failures ?? 0);
  const hasUndoable = useRun(({ facts }) => facts?.hasUndoable === true);
  const isPlannable = useRun(({ facts }) => facts !== null && mayPlan(facts));
  const isOver = useRun(({ facts }) => facts !== null && isDeadLetter(facts));
  const [busy, setBusy] = useState(false);
  const go = async (act: () => ReturnType<typeof acts.pause>): Promise<void> => {
    setBusy(true);
    view.setState({ notice: null });
    try {
      const answer = await act();
      if (answer.kind === 'refused') view.setState({ notice: answer.message });
    } catch (error) {
      view.setState({ notice: sentenceOf(error) });
    }
    setBusy(false);
  };
  if (at !== null) return null;
  const running = state === 'RUNNING' || state === 'REVERTING';
  return (
    <div className="flex flex-wrap items-center gap-2">
      {running && !isOver && (
        <Button disabled={busy} onClick={() => void go(acts.pause)}>
          <Pause aria-hidden size={14} /> {state === 'REVERTING' ? 'Pause the rollback' : 'Pause'}
        </Button>
      )}
      {(state === 'SUSPENDED' || (state === 'FAILURE' && failures === 0)) && (
        <Button look="primary" disabled={busy} onClick={() => void go(acts.resume)}>
          <Play aria-hidden size={14} /> Resume
        </Button>
      )}
      {(state === 'RUNNING' || state === 'SUSPENDING' || state === 'SUSPENDED') && (
        <Button onClick={() => view.setState({ ask: cancelAsk(acts, 'hold') })}>
          <Square aria-hidden size={13} /> Cancel…
        </Button>
      )}
      {(state === 'REVERTED' || state === 'PARTIALLY_REVERTED') && <ApplyAgain />}
      {hasReport && state !== 'REVERTING' && <Button onClick={() => view.setState({ report: true })}>Rollback report</Button>}
      {isPlannable && (hasUndoable || state === 'RUNNING') && (
        <Button look="revert" onClick={() => view.setState({ sheet: { kind: 'job' } })}>
          <Undo2 aria-hidden size={15} /> Roll back…
        </Button>
      )}
    </div>
  );
}

/** The one way forward after a rollback; it says from which task on. */
function ApplyAgain() {
  const { acts, nameOf, view } = useJobPage();
  const first = useRun(({ atoms, members }) =>
    againFrom([...members.values()].flatMap(({ tasks }) => tasks.flatMap((one) => atoms.get(one) ?? []))),
  );
  const inputsOf = useTaskInputs();
  const from = first === null ? 'the start' : `“${nameOf(first)}”`;
  return (
    <Button
      className="min-w-0 max-w-full !shrink"
      title={`Apply again from ${from}`}
      onClick={() => view.setState({ ask: applyAgainAsk(acts, { from, inputs: inputsOf('REVERTED', 'FAILURE') }) })}
    >
      <RotateCw aria-hidden size={14} className="shrink-0" /> <span className="truncate">Apply again from {from}</span>
    </Button>
  );
}

function Notice() {
  const { view } = useJobPage();
  const notice = useView((state) => state.notice);
  if (notice === null) return null;
  return (
    <Banner
      tone="info"
      title="Not done."
      actions={
        <Button size="small" onClick={() => view.setState({ notice: null })}>
          Dismiss
        </Button>
      }
    >
      {notice}
    </Banner>
  );
}
