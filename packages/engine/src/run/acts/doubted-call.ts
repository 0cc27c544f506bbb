// The call that a doubt is about (A4, R11), and whether it may be repeated. An act is refused and a screen offers answers by this one rule.
import type { AtomIndex } from '../graph/index-spaces.ts';
import { type Run, atomAt, indexOf } from '../state/run.ts';
import { isApplyOver } from '../state/undo-order.ts';

/**
 * `apply`: the run goes on with its answer. `endedApply`: the run is being stopped or rolled back, so the task is not applied again.
 * `failedApply`: its task has failed already, and only the end of the call is unknown. `revert`: the rollback waits for its answer.
 * `failedRevert`: that attempt of the revert has failed already.
 */
export type DoubtedCall = 'apply' | 'endedApply' | 'failedApply' | 'revert' | 'failedRevert';

/** An atom in doubt, with its call. */
export interface Doubt {
  readonly atom: string;
  readonly call: DoubtedCall;
  /** Is the answer *repeat it* accepted? */
  readonly mayRepeat: boolean;
}

/** All doubts of a run, in definition order. */
export function doubtsOf(run: Run): Doubt[] {
  if (run.doubts + run.overdue === 0) return [];
  return run.atoms.flatMap(({ atom }) => doubtOf(run, atom) ?? []);
}

/** The doubt about the atom with that address; null when it is not in doubt. */
export function doubtOf(run: Run, address: string): Doubt | null {
  const index = indexOf(run, address);
  if (index === undefined) return null;
  const { atom, inDoubt, stopping } = atomAt(run, index);
  if (inDoubt === null) return null;
  const call = callOf(run, index);
  // A call that was told to stop may still be under way.
  return { atom, call, mayRepeat: stopping === 0 && (call === 'apply' || call === 'revert') };
}

function callOf(run: Run, index: AtomIndex): DoubtedCall {
  const { state, notBefore } = atomAt(run, index);
  if (state === 'RUNNING') return isApplyOver(run, index) ? 'endedApply' : 'apply';
  if (state === 'REVERTING' && notBefore === 0) return 'revert';
  return state === 'REVERTING' || state === 'REVERT_FAILURE' ? 'failedRevert' : 'failedApply';
}
