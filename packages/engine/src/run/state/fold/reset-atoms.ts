// Atoms that get a new attempt: after a rollback (B5), or because a retry begins its container again (R2).
import { dropHistory, dropOutput } from '../values/atom-values.ts';
import { collapse } from '../expand.ts';
import { type Run, atomAt, indexOf } from '../run.ts';
import { tally } from '../tally.ts';
import type { AtomIndex } from '../../graph/index-spaces.ts';

/** Sets atoms back to PENDING. Effects that an earlier attempt left are kept in `keptBefore`. */
export function resetAtoms(run: Run, addresses: readonly string[]): void {
  for (const address of addresses) {
    const index = indexOf(run, address);
    if (index !== undefined) resetAtom(run, index);
  }
}

function resetAtom(run: Run, index: AtomIndex): void {
  const atom = atomAt(run, index);
  run.failed.delete(index);
  run.declined.delete(index);
  if (atom.kept !== null && atom.applied) {
    run.keptBefore = [...run.keptBefore, { atom: `${atom.atom} (attempt ${atom.attempt})`, because: atom.kept }];
  }
  collapse(run, index);
  tally(run, atom, -1);
  atom.state = 'PENDING';
  atom.kept = null;
  atom.settledBy = null;
  atom.failure = null;
  atom.revertFailure = null;
  dropOutput(run, atom);
  atom.applied = false;
  atom.note = null;
  atom.waiting = null;
  atom.notBefore = 0;
  tally(run, atom, 1);
  if (run.flow.atoms[index]?.kind === 'retry') dropHistory(run, atom);
}
