// Folds a catch (P11): the mark CAUGHT begins to undo the item as a scope, as a retry does; the SUCCESS of its
// control settles the item, so that the items after it may go on. Only the folds call this.
import type { MarkEntry } from '../../../logbook/entry.ts';
import { type CompiledContainer, atomsAt, atomsInside, nodesInside } from '../../graph/graph.ts';
import { type AtomIndex, lookUp } from '../../graph/index-spaces.ts';
import { caughtAround, containerAround, isCatching, isCaught } from '../caught.ts';
import { resetNodes } from '../readiness.ts';
import { type Run, atomAt } from '../run.ts';
import { beginUndo, endUndo, isWithin } from '../undo-order.ts';

/** A link on failure was taken. */
export function foldTaken(run: Run, index: AtomIndex, entry: MarkEntry): void {
  const { link = '', to = '', atom = '' } = entry.data ?? {};
  const control = atomAt(run, index);
  control.attempt = entry.attempt;
  control.output = { link, to, atom };
  const container = containerEndedBy(run, index);
  if (container !== undefined) beginUndo(run, container.index, 'all');
}

/** The control has succeeded. If its item was caught, no atom inside it goes on. */
export function settleCaught(run: Run, index: AtomIndex): void {
  const container = containerEndedBy(run, index);
  if (container === undefined || !isCaught(run, container)) return;
  endUndo(run, container.index);
  const [, ...inside] = nodesInside(run.flow, container.index);
  resetNodes(run, inside);
  for (const atom of atomsAt(run.flow, inside)) {
    // A failed atom that was kept needs no further decision.
    run.failed.delete(atom);
    run.declined.delete(atom);
  }
}

/** The control was undone. A failed atom of its item that was kept counts as a failure again. */
export function reopenCaught(run: Run, index: AtomIndex): void {
  const container = containerEndedBy(run, index);
  if (container === undefined) return;
  for (const atom of atomsInside(run.flow, container.index)) {
    if (run.atoms[atom]?.state === 'FAILURE' && caughtAround(run, containerAround(run, atom)) === undefined) run.failed.add(atom);
  }
}

/** Atoms that stand in an item that stays caught keep their reason. */
export function forgetKept(run: Run): void {
  run.atoms.forEach((atom, index) => {
    if (atom.kept !== null && !isInsideCatch(run, index)) atom.kept = null;
  });
}

/** After a new forward pass has begun: goes on undoing items whose catch is not finished. */
export function undoCaughtFurther(run: Run): void {
  const catching = run.flow.containers.filter((container) => isCatching(run, container) && caughtAround(run, container) === undefined);
  for (const { index } of catching) {
    const isInside = catching.some((other) => other.index !== index && isWithin(run.flow, index, other.index));
    if (!isInside) beginUndo(run, index, 'all');
  }
}

function isInsideCatch(run: Run, index: AtomIndex): boolean {
  const { containers } = run.flow;
  for (let at = containerAround(run, index); at !== undefined; at = lookUp(containers, at.parent))
    if (isCaught(run, at) || isCatching(run, at)) return true;
  return false;
}

/** The container that this catch ends. */
function containerEndedBy({ flow }: Run, index: AtomIndex): CompiledContainer | undefined {
  const atom = flow.atoms[index];
  return atom?.kind === 'catch' ? flow.containers[atom.container] : undefined;
}
