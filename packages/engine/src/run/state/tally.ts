// Numbers of a run's atoms by condition. Each atom's own fields decide them, so that live and restored runs agree.
import type { Run, RunAtom } from './run.ts';

/** Changes `atom` by `change`, and updates the counts of the run. */
export function recount(run: Run, atom: RunAtom, change: () => void): void {
  tally(run, atom, -1);
  change();
  tally(run, atom, 1);
}

/** Adds an atom to the counts of its run (1), or takes it out (-1). */
export function tally(run: Run, atom: RunAtom, by: 1 | -1): void {
  const { state, inDoubt, stopping, inputAt, outputAt } = atom;
  if (isBusy(atom)) run.busy += by;
  if ((inputAt !== null || outputAt !== null) && inDoubt === null && isBusy(atom)) {
    run.busySize += by * ((inputAt?.size ?? 0) + (outputAt?.size ?? 0));
  }
  if (inDoubt !== null && stopping === 0) run.doubts += by;
  if (inDoubt !== null && stopping > 0) run.overdue += by;
  if (state === 'WAITING' || state === 'RETRYING') run.waiting += by;
  if (isSleeping(atom)) run.sleeping += by;
  if (state === 'REVERT_FAILURE' && atom.kept === null && atom.revertAttempt > 0) run.stuck += by;
}

/** Is a call of the atom under way, ending, or in doubt? */
export function isBusy({ state, notBefore, stopping, inDoubt }: RunAtom): boolean {
  return state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0) || stopping > 0 || inDoubt !== null;
}

/** Does its revert wait for its next attempt? A newer plan resets `revertAttempt` to 0; then the revert has no next attempt of its own. */
export function isSleeping({ state, notBefore, revertAttempt }: RunAtom): boolean {
  return state === 'REVERTING' && notBefore > 0 && revertAttempt > 0;
}

/** May the atom be undone as soon as its turn comes? */
export function mayBeUndone(atom: RunAtom): boolean {
  switch (atom.state) {
    case 'SUCCESS':
    case 'FAILURE':
    case 'IGNORE':
    case 'WAITING':
    case 'RETRYING':
      return !isBusy(atom);
    case 'REVERTING':
      return !isBusy(atom) && !isSleeping(atom);
    case 'REVERT_FAILURE':
      // The revert rests until its turn in a newer plan.
      return !isBusy(atom) && atom.revertAttempt === 0;
    case 'PENDING':
    case 'RUNNING':
    case 'REVERTED':
      return false;
  }
}
