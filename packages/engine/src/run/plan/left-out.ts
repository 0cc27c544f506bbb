// The atoms that a person leaves out of a rollback (B1), and the atoms kept with them. A container or resource that is
// undone as a whole is kept as a whole, because its revert would undo the left-out atom too.
import { atomsInside } from '../graph/graph.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import { type Run, atomAt, indexOf } from '../state/run.ts';
import type { RollbackChoice } from './rollback-choice.ts';
import { containersAround, destroyedWith, isCovering } from './undo-action.ts';

/** Indexes of the atoms that are kept, with the reason. */
export function leftOutOf(run: Run, choice: RollbackChoice): Map<AtomIndex, string> {
  const leftOut = new Map<AtomIndex, string>();
  if (choice.kind !== 'atoms') return leftOut;
  for (const { atom, reason } of choice.leaveOut) {
    const index = indexOf(run, atom);
    if (index === undefined) continue;
    for (const one of [...destroyedWith(run.flow, index), ...undoneWith(run, index)]) if (!leftOut.has(one)) leftOut.set(one, reason);
    leftOut.set(index, reason);
  }
  return leftOut;
}

/** All atoms of the outermost complete container around the atom that has its own revert; empty when there is none. */
function undoneWith(run: Run, index: AtomIndex): AtomIndex[] {
  const whole = containersAround(run.flow, index).findLast(({ undo }) => undo !== null && isCovering(atomAt(run, undo)));
  return whole === undefined ? [] : atomsInside(run.flow, whole.index);
}
