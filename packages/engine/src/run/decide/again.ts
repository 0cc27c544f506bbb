// The atoms that a new forward pass begins again (B5). Atoms inside an item that stays caught do not begin again,
// nor do atoms that were ignored because of the catch (P11).
import { type CompiledContainer, atomOfNode, atomsAt, atomsInside } from '../graph/graph.ts';
import { type AtomIndex, type NodeIndex, lookUp } from '../graph/index-spaces.ts';
import { isCatching, isCaught, takenOf } from '../state/caught.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import { hasRun, isWithin } from '../state/undo-order.ts';
import { atomsOfItem } from './controls/ignore.ts';
import { followersOf } from './controls/ways-not-taken.ts';
import { isTaskKind } from '../graph/atom-kinds.ts';

/** For *apply again*: an item stays caught while an effect on the taken way stands. */
export function againAtoms(run: Run): string[] {
  return begunAnew(run, (container) => isCaught(run, container) && doesWayStand(run, container));
}

/** For *retry failed*: every caught item stays caught. */
export function retriedAtoms(run: Run): string[] {
  return begunAnew(run, (container) => isCaught(run, container) || isCatching(run, container));
}

function begunAnew(run: Run, isStaying: (container: CompiledContainer) => boolean): string[] {
  const catching = run.flow.containers.filter((container) => takenOf(run, container) !== null);
  const staying = catching.filter(isStaying);
  const left = new Set(staying.flatMap((container) => [...atomsInside(run.flow, container.index), ...ignoredBy(run, container)]));
  const anew = new Set(run.atoms.flatMap((atom, index) => (isBegunAnew(atom) && !left.has(index) ? [index] : [])));
  for (const container of catching) {
    const isInside = staying.some((other) => isWithin(run.flow, container.index, other.index));
    if (isInside || container.catch === null) continue;
    anew.add(container.catch.atom);
    if (container.retry !== null && atomAt(run, container.retry).state !== 'PENDING') anew.add(container.retry);
    for (const gate of gatesAfter(run, container)) {
      const items = run.flow.atoms[gate]?.guard;
      const isPassed = items != null && atomsOfItem(run, items).some((index) => atomAt(run, index).state !== 'PENDING' && !anew.has(index));
      if (!isPassed) anew.add(gate);
    }
  }
  return [...anew].map((index) => atomAt(run, index).atom);
}

function isBegunAnew({ state, failure }: RunAtom): boolean {
  switch (state) {
    case 'REVERTED':
    case 'FAILURE':
    case 'REVERT_FAILURE':
    // A plan left it out before its next attempt.
    case 'REVERTING':
      return true;
    case 'IGNORE':
      return failure === null;
    case 'PENDING':
    case 'WAITING':
    case 'RUNNING':
    case 'SUCCESS':
    case 'RETRYING':
      return false;
  }
}

/** Gates that were opened because the item was caught: they decide again with it. */
function gatesAfter(run: Run, { exit, parent }: CompiledContainer): AtomIndex[] {
  const after = atomsAt(run.flow, nodesBetween(run, exit, lookUp(run.flow.containers, parent)?.exit));
  return after.filter((index) => run.flow.atoms[index]?.kind === 'gate' && atomAt(run, index).state === 'SUCCESS');
}

/** The nodes after one node and before another. */
function nodesBetween({ flow }: Run, from: NodeIndex, end: NodeIndex | undefined): NodeIndex[] {
  const reached = new Set([from]);
  for (const node of reached) for (const after of flow.nodes[node]?.after ?? []) if (after !== end) reached.add(after);
  return [...reached];
}

function ignoredBy(run: Run, container: CompiledContainer): AtomIndex[] {
  return followersOf(run, container).flatMap(({ first }) => {
    const gate = atomOfNode(run.flow, first);
    return gate?.guard == null ? atomsOfItem(run, { first }) : [gate.index, ...atomsOfItem(run, gate.guard)];
  });
}

/** Has an atom that follows the catch in the same graph run, and is not undone? */
function doesWayStand(run: Run, container: CompiledContainer): boolean {
  const { atoms, containers } = run.flow;
  const graph = lookUp(containers, container.parent);
  const target = graph?.children.find(({ id }) => id === takenOf(run, container)?.to);
  if (graph === undefined || target === undefined) return false;
  const way = atomsAt(run.flow, nodesBetween(run, target.first, graph.exit));
  return way.some((index) => isTaskKind(atoms[index]?.kind) && hasRun(atomAt(run, index)));
}
