// Undoes one atom: calls its revert, and handles a failing one (R5 to R8, R11).
import type { Failure } from '../../failure/failure.ts';
import type { Wait } from '../../task/wait.ts';
import { undoActionOf } from '../plan/undo-action.ts';
import { atomAt } from '../state/run.ts';
import { revertAtom } from './calls.ts';
import type { Turn } from './turn.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';

/** Undoes an atom whose turn in a rollback or retry has come. */
export function undoAtom(turn: Turn, index: AtomIndex): void {
  const { run } = turn;
  const atom = atomAt(run, index);
  const { action, because } = undoActionOf(run, index, (other) => run.undo?.open[other] === 1);
  if (run.flow.atoms[index]?.kind === 'retry') {
    turn.move(atom, 'REVERTING', { revertAttempt: 1 });
    turn.move(atom, 'REVERTED');
  } else if (action === 'nothing') turn.move(atom, 'REVERTED', { reason: because });
  else if (action === 'keep') {
    endIdleWait(turn, index);
    turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'KEPT', data: { reason: because } });
  } else revertAtom(turn, index, 1);
}

/**
 * An atom that stays as it is does not wait any longer, because its sources may be undone: otherwise it would go on in a run at rest, and
 * before its sources when the run is applied again (I1, I7). It failed, so a later pass begins a new attempt of it.
 */
export function endIdleWait(turn: Turn, index: AtomIndex): void {
  const atom = atomAt(turn.run, index);
  if (atom.state === 'WAITING') turn.move(atom, 'FAILURE', { failure: NOT_AWAITED });
}

const NOT_AWAITED: Failure = { code: 'ABORTED', message: 'The rollback began while the task waited, and left it as it was.' };

/** A revert waits for another job: the atom sleeps, and the same attempt is called again. No time limit counts meanwhile. */
export function waitInRevert(turn: Turn, index: AtomIndex, waiting: Wait): void {
  const atom = atomAt(turn.run, index);
  if (waiting.on !== 'job') {
    reviseRevert(turn, index, { failure: { code: 'TASK_THREW', message: 'A revert can wait only for another job.' } });
    return;
  }
  const notBefore = Math.max(turn.time, waiting.until ?? turn.time);
  turn.move(atom, 'REVERTING', { revertAttempt: atom.revertAttempt, notBefore, waiting });
}

/** A revert failed: it is called again after the delay of its policy, or a person must settle it (R7). */
export function reviseRevert(
  turn: Turn,
  index: AtomIndex,
  { failure, log, ending }: { readonly failure: Failure; readonly log?: number; readonly ending?: true },
): void {
  const atom = atomAt(turn.run, index);
  const policy = turn.run.flow.atoms[index]?.item.revertPolicy ?? { attempts: 3, delayMs: 500 };
  const data = { failure, ...(log === undefined ? {} : { log }), ...(ending ? { ending } : {}) };
  if (atom.revertAttempt >= policy.attempts) {
    turn.move(atom, 'REVERT_FAILURE', { ...data, revertAttempt: atom.revertAttempt });
    return;
  }
  // The atom sleeps even without a delay: the agenda begins the next attempt, once the call before it has ended.
  const notBefore = turn.time + policy.delayMs * 2 ** (atom.revertAttempt - 1);
  turn.move(atom, 'REVERTING', { ...data, revertAttempt: atom.revertAttempt + 1, notBefore });
}
