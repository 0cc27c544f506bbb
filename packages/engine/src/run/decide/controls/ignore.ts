// A decider said no: ignores its target and the items after it, to the depth of the link (P5).
// The walk goes depth first and last link first, as in TaskFlow, so that the entries come in the same order.
import type { DeciderDepth } from '../../../definition/schema.ts';
import { type AtomOf, type CompiledAtom, afterAll, atomOfNode, atomsAt, nodesOfPass } from '../../graph/graph.ts';
import { type AtomIndex, type NodeIndex, lookUp } from '../../graph/index-spaces.ts';
import { isIgnoredAtom } from '../../state/ignored.ts';
import { type Run, atomAt } from '../../state/run.ts';
import type { Turn } from '../turn.ts';

/** Closes a gate: ignores its item and the items after it. */
export function ignore(turn: Turn, gate: AtomOf<'gate'>, { depth, because }: { depth: DeciderDepth; because: string }): void {
  const { run } = turn;
  const { guard } = gate;
  ignoreAtom(turn, gate.index, because);
  for (const atom of atomsOfItem(run, guard)) ignoreAtom(turn, atom, because);
  if (depth === 'atom') return;
  const after = `it comes after an ignored item: ${because}`;
  const seen = new Set([guard.last]);
  const reached = [...(run.flow.nodes[guard.last]?.after ?? [])];
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const found = run.flow.nodes[node];
    if (found === undefined) continue;
    if (found.dropped) {
      if (depth === 'all') reached.push(...afterAll(run.flow, found));
      continue;
    }
    const atom = lookUp(run.flow.atoms, found.atom);
    if (atom?.guard?.needsOne === true && !isDead(run, atom)) continue;
    // Except at depth `all`, containers and the gates before them are not included.
    if (depth !== 'all' && atom?.guard != null && atom.guard.first !== atom.guard.last) continue;
    if (found.kind !== 'ATOM') {
      if (depth === 'all') reached.push(...found.after);
      continue;
    }
    if (depth !== 'all' && atom?.kind === 'retry') continue;
    // A catch is evaluated when its item has ended, because the item may still fail in another branch.
    if (atom?.kind === 'catch') {
      if (depth === 'all') reached.push(...found.after);
      continue;
    }
    ignoreAtom(turn, found.atom, after);
    if (depth !== 'neighbours' || atom?.kind === 'gate') reached.push(...found.after);
  }
}

/** Ignores a child of a graph: its gate, and the item or all atoms inside it. */
export function ignoreChild(turn: Turn, { first }: { readonly first: NodeIndex }, because: string): void {
  const { run } = turn;
  const gate = atomOfNode(run.flow, first);
  if (gate?.guard != null) ignoreAtom(turn, gate.index, because);
  for (const atom of atomsOfItem(run, gate?.guard ?? { first })) ignoreAtom(turn, atom, because);
}

/** Every atom of an item: its own, or all atoms inside it. */
export function atomsOfItem(run: Run, { first }: { readonly first: NodeIndex }): AtomIndex[] {
  const node = run.flow.nodes[first];
  if (node === undefined) return [];
  return node.kind === 'ATOM' ? [node.atom] : atomsAt(run.flow, nodesOfPass(run.flow, node.boundaryOf));
}

/** An item that needs only one link is ignored only when no link can be satisfied any more. */
function isDead(run: Run, { guard }: CompiledAtom): boolean {
  return guard?.links.every(({ source }) => isIgnoredAtom(lookUp(run.atoms, run.flow.nodes[source]?.atom))) ?? false;
}

function ignoreAtom(turn: Turn, index: AtomIndex, reason: string): void {
  const atom = atomAt(turn.run, index);
  if (atom.state === 'PENDING') turn.move(atom, 'IGNORE', { reason });
}
