import { effectsOf } from '@windlass/engine/definition';
import { type AtomSnapshot, type UnresolvedOutput, reasonByHand } from '@windlass/engine/run';
import { type ReactNode, useMemo } from 'react';
import { ago, durationWords, exactTime, shortTime } from '../../../lib/times.ts';
import { useNow } from '../../../lib/use-now.ts';
import { StateBadge } from '../../../ui/state/state-badge.tsx';
import { isRevertWaiting } from '../../../ui/state/state-look.ts';
import { ProgressBar } from '../../../ui/state/progress-bar.tsx';
import { droppedWords } from '../run/dropped.ts';
import { DroppedAtoms } from './dropped-atoms.tsx';
import { useAtomLine, useAtomLook, useJobPage, useProgress, useRun, useView } from '../job-context.tsx';
import { FailureCause } from './failure-cause.tsx';
import { LaunchedJob, launchedBy } from './launched-job.tsx';
import { iterationOf } from '../run/members.ts';
import { nextAttemptWords, failureBefore, hasNotBegun, retryOf } from '../run/next-attempt.ts';
import { progressWords } from '../run/progress-store.ts';
import { count, endWord, forwardLook, lower, revertsCalled, rollbackLook, rollbackWords, standingWords } from '../run/words.ts';

/** Facts about one task, the most important first. */
export function AtomSummary({ id }: { readonly id: string }) {
  const { itemOf, ownerOf, typeOf } = useJobPage();
  const atom = useRun((state) => state.atoms.get(id));
  const lookIn = useAtomLook();
  const line = useAtomLine();
  const dropped = useRun((state) => state.dropped);
  const standing = droppedWords(dropped, atom);
  const preview = useView((state) => state.preview?.reverts ?? null);
  const entries = useRun((state) => state.entries);
  const at = useRun((state) => state.at);
  const launched = useMemo(() => (atom === undefined ? null : launchedBy(atom, { entries, at })), [atom, entries, at]);
  const controls = useRun((state) => state.members.get(ownerOf(id))?.controls);
  const retry = useRun(({ atoms }) => (controls === undefined ? undefined : retryOf(controls, { iteration: iterationOf(id), atoms })));
  const before = useRun(({ atoms }) => failureBefore(id, atoms));
  const failure = atom?.failure ?? before;
  const item = itemOf(id);
  const type = typeOf(id);
  if (item?.kind !== 'task') return null;
  const effects = type === undefined ? undefined : effectsOf(type.effects, item.parameters, new Set(Object.keys(item.bindings)));
  return (
    <div className="space-y-3">
      <Facts>
        <Fact name="State">
          {retry !== undefined && hasNotBegun(atom) ? (
            <StateBadge state="RETRYING" words={line(retry)} />
          ) : (
            <StateBadge state={lookIn(atom)} {...(isWaiting(atom) ? { words: line(atom) } : {})} />
          )}
        </Fact>
        {retry !== undefined && hasNotBegun(atom) && <Fact name="Next attempt">{nextAttemptWords(retry, item.retry)}</Fact>}
        <LiveProgress id={id} />
        {atom !== undefined && atom.startedAt > 0 && (
          <Fact name="Started">
            <Time time={atom.startedAt} />
          </Fact>
        )}
        {atom !== undefined && atom.endedAt > 0 && (
          <Fact name={endWord(atom)}>
            <Time time={atom.endedAt} />
            {atom.stopping === 0 && hasTaken(atom) && `, after ${durationWords(atom.endedAt - atom.startedAt)}`}
          </Fact>
        )}
        {launched !== null && (
          <Fact name="Launched">
            <LaunchedJob job={launched} />
          </Fact>
        )}
        {failure !== null && (
          <Fact name="Code">
            <span className="font-mono text-11">{failure.code}</span>
          </Fact>
        )}
        {atom !== undefined && atom.revertAttempt > 0 && (
          <Fact name="Revert call">
            <span className="text-st-revert-fg">attempt {revertsCalled(atom)}</span>
          </Fact>
        )}
        {standing !== null && <Fact name="Iteration">{standing}.</Fact>}
        {atom?.orphaned === true && <Fact name="Input">Orphaned: the task that it came from was undone.</Fact>}
        {atom?.kept != null && <Fact name="Kept">{atom.kept}</Fact>}
        {atom !== undefined && atom.stopping > 0 && (
          <Fact name="Call">
            It was told to stop at <Time time={atom.stopping} /> and has not ended yet. Its revert waits until it has.
          </Fact>
        )}
        {atom?.inDoubt != null && <Fact name="In doubt">{atom.inDoubt}</Fact>}
        {atom?.note != null && (
          <Fact name={atom.byHand ? 'Undone by hand' : 'Note'}>{atom.byHand ? reasonByHand(atom.note) : atom.note}</Fact>
        )}
        <Fact name="Revert">
          {effects === undefined
            ? 'This server does not know the task type.'
            : effects.kind === 'none'
              ? 'Nothing to undo: it has no effect.'
              : effects.kind === 'irreversible'
                ? `Irreversible: ${effects.reason}.`
                : `It ${effects.undo}.`}
          {preview !== null && <span className="text-st-revert-fg"> A revert would undo {count(preview, 'task')} in all.</span>}
        </Fact>
        {item.note !== undefined && <Fact name="About">{item.note}</Fact>}
      </Facts>
      {atom === undefined || atom.attempt === 0 ? <p className="text-12 text-fg-3">This task has not started in this job.</p> : null}
      {failure !== null && <FailureCause title={before === null ? 'Cause' : 'Why its last attempt failed'} failure={failure} />}
      {atom?.revertFailure != null && <FailureCause title="Why its revert failed" failure={atom.revertFailure} />}
    </div>
  );
}

/** Progress of a task and the time of its last sign of life; nothing without a sign. */
function LiveProgress({ id }: { readonly id: string }) {
  const { nameOf } = useJobPage();
  const progress = useProgress(id);
  const now = useNow();
  if (progress === null) return null;
  return (
    <Fact name="Progress">
      {progress.fraction !== null && (
        <ProgressBar
          fraction={progress.fraction}
          label={`Progress of ${nameOf(id)}, in the inspector`}
          hue={progress.kind === 'revert' ? 'revert' : 'running'}
          className="my-1.5 h-1 rounded-full"
        />
      )}
      {progressWords(progress)} <span className="text-fg-3">Last sign of life {ago(progress.time, now)}.</span>
    </Fact>
  );
}

/** Does the task wait for a time or for others, so that its line says more than its state? */
function isWaiting(atom: AtomSnapshot | undefined): boolean {
  if (atom === undefined || atom.inDoubt !== null || atom.kept !== null) return false;
  return atom.stopping > 0 || isRevertWaiting(atom) || (atom.state === 'PENDING' && atom.attempt > 0);
}

function hasTaken({ state, startedAt }: AtomSnapshot): boolean {
  return startedAt > 0 && (state === 'SUCCESS' || state === 'FAILURE');
}

/** The forward and rollback outcome, and the effects that a rollback kept. */
export function JobSummary() {
  const { nameOf } = useJobPage();
  const facts = useRun((state) => state.facts);
  const posted = useRun((state) => state.posted);
  const atoms = useRun((state) => state.atoms);
  if (facts === null || posted === null) return null;
  const rollback = rollbackLook(facts, { done: facts.done, total: facts.total, standing: facts.standing.length });
  return (
    <div className="space-y-3">
      <Facts>
        <Fact name="Forward">{forwardLook(facts, nameOf).word}</Fact>
        <Fact name="Rollback">{rollback === null ? rollbackWords(facts) : <span className="text-st-revert-fg">{rollback.word}</span>}</Fact>
        {facts.rollback !== null && rollback !== null && <Fact name="Begun by">{facts.rollback.by}</Fact>}
        <Fact name="On the board">{lower(facts.job)}</Fact>
        {posted.parent !== null && (
          <Fact name="Launched by">
            <LaunchedJob job={posted.parent} />
          </Fact>
        )}
        <Fact name="Posted">
          <Time time={posted.postedAt} /> by {posted.postedBy}
        </Fact>
        {facts.startedAt !== null && (
          <Fact name="Started">
            <Time time={facts.startedAt} />
          </Fact>
        )}
        {facts.endedAt !== null && (
          <Fact name={facts.job === 'COMPLETE' || facts.job === 'TRASHED' ? 'Ended' : 'At rest since'}>
            <Time time={facts.endedAt} />
          </Fact>
        )}
        {facts.cancel !== null && (
          <Fact name="Cancelled">
            by {facts.cancel.by}
            {facts.cancel.reason === '' ? '' : `: ${facts.cancel.reason}`}
          </Fact>
        )}
      </Facts>
      <UnresolvedOutputs outputs={facts.unresolved} />
      {facts.standing.length > 0 && (
        <div>
          <h3 className="mb-1 text-11 font-semibold text-fg-3">Left standing</h3>
          <ul className="space-y-1 text-12">
            {facts.standing.map(({ atom, because }) => (
              <li key={atom}>
                <b className="font-medium">{nameOf(atom)}</b> <span className="text-fg-2">{standingWords(because, atoms.get(atom))}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <DroppedAtoms />
    </div>
  );
}

/** Outputs of the flow that could not be evaluated although the run succeeded. */
export function UnresolvedOutputs({ outputs }: { readonly outputs: readonly UnresolvedOutput[] }) {
  if (outputs.length === 0) return null;
  return (
    <div>
      <h3 className="mb-1 text-11 font-semibold text-fg-3">
        {outputs.length === 1 ? 'An output of the flow could not be evaluated' : 'Outputs of the flow that could not be evaluated'}
      </h3>
      <ul className="space-y-1 text-12">
        {outputs.map(({ output, reason }) => (
          <li key={output} className="break-words">
            <b className="font-medium">{output}</b> <span className="text-fg-2">{reason}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Time({ time }: { readonly time: number }) {
  return (
    <time dateTime={exactTime(time)} title={exactTime(time)}>
      {shortTime(time, Date.now())}
    </time>
  );
}

function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="grid grid-cols-[84px_1fr] gap-x-2.5 gap-y-1.5 text-12">{children}</dl>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
