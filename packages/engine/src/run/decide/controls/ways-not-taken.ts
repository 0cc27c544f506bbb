// Ignores the items of ways that are not taken (P11): targets of links on failure without a failure, with the items that
// follow only those; and, after a caught item, the items after it by ordinary links. Items outside the graph of the links
// go on.
import { type AtomOf, type CompiledChild, type CompiledContainer, atomOfNode, containerOf } from '../../graph/graph.ts';
import { lookUp } from '../../graph/index-spaces.ts';
import { takenOf } from '../../state/caught.ts';
import { isIgnored } from '../../state/ignored.ts';
import type { Run } from '../../state/run.ts';
import { atomsOfItem, ignoreChild } from './ignore.ts';
import type { Turn } from '../turn.ts';

/** `isNotTaken` recognises items by this reason, and logbooks have it: it never changes. */
const NOT_CAUGHT = 'no failure was caught that leads here';

/** Ignores the item of a gate, and every item that follows only items ignored in this way. */
export function ignoreTarget(turn: Turn, gate: AtomOf<'gate'>): void {
  const { run } = turn;
  const children = containerOf(run.flow, gate.index)?.children;
  if (children === undefined) return;
  const notTaken = new Set([gate.guard.child]);
  for (const index of notTaken) {
    const child = children[index];
    if (child === undefined) continue;
    ignoreChild(turn, child, NOT_CAUGHT);
    for (const next of child.dependants) {
      const dependant = children[next];
      if (dependant === undefined || dependant.takesFailure) continue;
      if (dependant.sources.every((source) => notTaken.has(source) || isNotTaken(run, children[source]))) notTaken.add(next);
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

function isNotTaken(run: Run, child: CompiledChild | undefined): boolean {
  if (child === undefined || !isIgnored(run, child.last)) return false;
  const guard = atomOfNode(run.flow, child.first)?.guard;
  const [atom] = atomsOfItem(run, guard ?? child);
  return lookUp(run.atoms, atom)?.note === NOT_CAUGHT;
}
