// One atom is undone: its revert is called, and what a failing one means (SEMANTICS R5 to R8).
import type { Failure } from '../../failure.ts';
import { callAtom } from './calls.ts';
import { undoActionOf } from '../plan/undo-action.ts';
import { atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** The atom's turn in a rollback or retry has come. */
export function undoAtom(turn: Turn, index: number): void {
  const { run } = turn;
  const atom = atomAt(run, index);
  const { action, because } = undoActionOf(run, index, (other) => run.undo?.open[other] === 1);
  if (run.flow.atoms[index]?.kind === 'retry') {
    turn.move(atom, 'REVERTING', { revertAttempt: 1 });
    turn.move(atom, 'REVERTED');
  } else if (action === 'nothing') turn.move(atom, 'REVERTED', { reason: because });
  else if (action === 'keep') {
    turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'KEPT', data: { reason: because } });
  } else beginRevert(turn, index, 1);
}

/** Begins an attempt of a revert; its intention is an entry of its own (A2). */
export function beginRevert(turn: Turn, index: number, revertAttempt: number): void {
  const atom = atomAt(turn.run, index);
  turn.move(atom, 'REVERTING', { revertAttempt });
  const limit = turn.run.flow.atoms[index]?.item.timeLimitMs;
  if (limit !== undefined) turn.command({ kind: 'WAKE', atom: atom.atom, at: turn.time + limit });
  callAtom(turn, index, 'revert');
}

/** A revert failed: again after a while, as its policy says, or it stands for a person to settle (R7). */
export function reviseRevert(
  turn: Turn,
  index: number,
  { failure, log }: { readonly failure: Failure; readonly log: { readonly log?: number } },
): void {
  const atom = atomAt(turn.run, index);
  const policy = turn.run.flow.atoms[index]?.item.revertPolicy ?? { attempts: 3, delayMs: 500 };
  if (atom.revertAttempt >= policy.attempts) {
    turn.move(atom, 'REVERT_FAILURE', { failure, revertAttempt: atom.revertAttempt, ...log });
    return;
  }
  const delay = policy.delayMs * 2 ** (atom.revertAttempt - 1);
  const revertAttempt = atom.revertAttempt + 1;
  const at = turn.time + delay;
  turn.move(atom, 'REVERTING', { failure, revertAttempt, ...(delay > 0 ? { notBefore: at } : {}), ...log });
  if (delay > 0) turn.command({ kind: 'WAKE', atom: atom.atom, at });
  else callAtom(turn, index, 'revert');
}
