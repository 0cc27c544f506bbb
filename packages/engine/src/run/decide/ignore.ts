// A decider said no: ignores its target and the items after it, to the depth of the link (SEMANTICS P5).
// The walk goes depth first and last link first, as in TaskFlow, so that the entries come in the same order.
import type { DeciderDepth } from '../../definition/schema.ts';
import { type CompiledAtom, afterAll, nodesOfPass } from '../graph/graph.ts';
import { type Run, atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** Closes a gate: ignores its item and the items after it. */
export function ignore(turn: Turn, gate: CompiledAtom, { depth, because }: { depth: DeciderDepth; because: string }): void {
  const { run } = turn;
  const { guard } = gate;
  if (guard === null) return;
  ignoreAtom(turn, gate.index, because);
  for (const atom of atomsOfItem(run, guard)) ignoreAtom(turn, atom, because);
  if (depth === 'atom') return;
  const after = `it comes after an ignored item: ${because}`;
  const seen = new Set<number>([guard.last]);
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
    const atom = run.flow.atoms[found.atom];
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
export function ignoreChild(turn: Turn, { first, last }: { readonly first: number; readonly last: number }, because: string): void {
  const { run } = turn;
  const gate = run.flow.atoms[run.flow.nodes[first]?.atom ?? -1];
  if (gate?.guard != null) ignoreAtom(turn, gate.index, because);
  for (const atom of atomsOfItem(run, gate?.guard ?? { first, last })) ignoreAtom(turn, atom, because);
}

/** Every atom of an item: its own, or all atoms inside it. */
export function atomsOfItem(run: Run, { first, last }: { first: number; last: number }): number[] {
  const node = run.flow.nodes[first];
  if (node === undefined) return [];
  if (first === last) return node.atom < 0 ? [] : [node.atom];
  return nodesOfPass(run.flow, node.boundaryOf).flatMap((inside) => {
    const atom = run.flow.nodes[inside]?.atom ?? -1;
    return atom < 0 ? [] : [atom];
  });
}

/** An item that needs only one link is ignored only when no link can be satisfied any more. */
function isDead(run: Run, { guard }: CompiledAtom): boolean {
  return (
    guard?.links.every(({ source }) => {
      const node = run.flow.nodes[source];
      const atom = run.atoms[node?.atom ?? -1];
      return atom?.state === 'IGNORE' && atom.failure === null;
    }) ?? false
  );
}

function ignoreAtom(turn: Turn, index: number, reason: string): void {
  const atom = atomAt(turn.run, index);
  if (atom.state === 'PENDING') turn.move(atom, 'IGNORE', { reason });
}
