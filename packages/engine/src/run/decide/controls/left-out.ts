// The items that links on failure leave out (SEMANTICS P11): their targets when no failure leads there, with items that follow only
// those; and, after an item was caught, the items after it by ordinary links. Neither goes beyond the graph of the links:
// the graph itself goes on.
import { type AtomOf, type CompiledChild, type CompiledContainer, atomOfNode, containerOf } from '../../graph/graph.ts';
import { lookUp } from '../../graph/index-spaces.ts';
import { takenOf } from '../../state/caught.ts';
import { isIgnored } from '../../state/ignored.ts';
import type { Run } from '../../state/run.ts';
import { atomsOfItem, ignoreChild } from './ignore.ts';
import type { Turn } from '../turn.ts';

/** The reason by which items that were left out in this way are recognised. */
const NOT_CAUGHT = 'no failure was caught that leads here';

/** Leaves out the item of a gate, and every item that follows only items left out in this way. */
export function leaveOut(turn: Turn, gate: AtomOf<'gate'>): void {
  const { run } = turn;
  const children = containerOf(run.flow, gate.index)?.children;
  if (children === undefined) return;
  const leftOut = new Set([gate.guard.child]);
  for (const index of leftOut) {
    const child = children[index];
    if (child === undefined) continue;
    ignoreChild(turn, child, NOT_CAUGHT);
    for (const next of child.dependants) {
      const dependant = children[next];
      if (dependant === undefined || dependant.takesFailure) continue;
      if (dependant.sources.every((source) => leftOut.has(source) || isLeftOut(run, children[source]))) leftOut.add(next);
    }
  }
}

/** Ignores the items after a caught item, by ordinary links or by its outputs; an item that needs only one link decides itself. */
export function ignoreFollowers(turn: Turn, container: CompiledContainer): void {
  const because = `a failure of ${container.name} was caught`;
  for (const child of followersOf(turn.run, container)) ignoreChild(turn, child, because);
}

/** Children of the graph that cannot go on when the item is caught. */
export function followersOf(run: Run, container: CompiledContainer): CompiledChild[] {
  const children = lookUp(run.flow.containers, container.parent)?.children;
  if (children === undefined) return [];
  const { to } = takenOf(run, container) ?? {};
  const found = new Set<CompiledChild>();
  const reached = new Set(lookUp(children, container.catch?.child)?.followers);
  for (const index of reached) {
    const child = children[index];
    if (child === undefined || child.needsOne || child.id === to) continue;
    found.add(child);
    for (const next of child.followers) reached.add(next);
  }
  return [...found];
}

function isLeftOut(run: Run, child: CompiledChild | undefined): boolean {
  if (child === undefined || !isIgnored(run, child.last)) return false;
  const guard = atomOfNode(run.flow, child.first)?.guard;
  const [atom] = atomsOfItem(run, guard ?? child);
  return lookUp(run.atoms, atom)?.note === NOT_CAUGHT;
}
