// Facts about a whole run; a new object is made only when one of them changed.
import { type Run, doubtOf, isUndoable, isUnsettled } from '@windlass/engine/run';
import { isRevertWaiting } from '../../../ui/state/state-look.ts';
import { hasRollback, rollbackProgress } from './words.ts';

/** One object, so that facts without a change stay equal. */
const NONE_STANDING: Run['standing'] = [];

export type RunFacts = ReturnType<typeof factsOf>;

export function factsOf(run: Run) {
  const { done, total } = rollbackProgress(run.rollback, run.atoms);
  return {
    state: run.state,
    job: run.job,
    attention: run.attention,
    forward: run.forward,
    rollback: run.rollback,
    resumeTo: run.resumeTo,
    standing: hasRollback(run) ? run.standing : NONE_STANDING,
    cancel: run.cancel,
    inputs: run.inputs,
    inputsAt: run.inputsAt,
    outputsAt: run.outputsAt,
    outputs: run.outputs,
    unresolved: run.unresolved,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    /** Could a new rollback include an atom? Not where all that stands was kept. */
    hasUndoable: run.atoms.some(isUndoable),
    isUnsettled: isUnsettled(run),
    doubts: run.doubts,
    failures: run.failed.size,
    done,
    total,
    /** Has a call that was told to stop not ended yet? */
    ending: run.atoms.some(({ stopping }) => stopping > 0),
    resting: restOf(run),
    /** Atoms that wait for an approval or a signal. */
    waitingForPerson: run.atoms
      .filter(({ state, waiting }) => state === 'WAITING' && (waiting?.on === 'approval' || waiting?.on === 'signal'))
      .map(({ atom }) => atom)
      .join(' '),
    /** Atoms that a person skipped after they had failed. */
    skipped: run.atoms
      .filter(({ state, failure }) => state === 'IGNORE' && failure !== null)
      .map(({ atom }) => atom)
      .join(' '),
    /** Atoms that a person marked as reverted. */
    markedReverted: run.atoms
      .filter(({ state, byHand }) => state === 'REVERTED' && byHand)
      .map(({ atom }) => atom)
      .join(' '),
    /** Atoms whose inputs a person edited. */
    edited: Object.keys(run.edits).join(' '),
    /** Atoms that need a person, in definition order, and why: a doubt may follow a failure of the same atom, and its answers may change. */
    asking: run.atoms
      .filter((atom) => atom.inDoubt !== null || (atom.kept === null && (atom.state === 'REVERT_FAILURE' || atom.state === 'FAILURE')))
      .map(({ atom, state, stopping }) => `${atom} ${state} ${stopping > 0} ${JSON.stringify(doubtOf(run, atom))}`)
      .join(' '),
  } as const;
}

/** While no revert is under way: the time of the next attempt, or 'job' when they wait for jobs; else null. */
function restOf({ atoms }: Run): number | 'job' | null {
  const reverting = atoms.filter(({ state }) => state === 'REVERTING');
  if (reverting.length === 0 || !reverting.every(isRevertWaiting)) return null;
  const times = reverting.filter(({ waiting }) => waiting === null).map(({ notBefore }) => notBefore);
  return times.length === 0 ? 'job' : Math.min(...times);
}

export function sameFacts(a: RunFacts, b: RunFacts): boolean {
  return (Object.keys(a) as (keyof RunFacts)[]).every((key) => a[key] === b[key]);
}
