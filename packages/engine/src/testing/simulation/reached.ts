// The atoms that come before or after an atom in the order of a flow.
import type { CompiledFlow } from '../../run/graph/graph.ts';

/** Atoms that come before or after an atom; iterations that may run together are still undone one after another. */
export function reached(flow: CompiledFlow, index: number, along: 'before' | 'undoing'): Set<number> {
  const found = new Set<number>();
  const seen = new Set<number>();
  const open = [flow.atoms[index]?.node ?? -1];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { before = [], after = [], undoAfter = -1 } = flow.nodes[at] ?? {};
    const next = along === 'before' ? before : undoAfter >= 0 ? [...after, undoAfter] : after;
    for (const node of next) {
      if (seen.has(node)) continue;
      seen.add(node);
      open.push(node);
      const atom = flow.nodes[node]?.atom ?? -1;
      if (atom >= 0) found.add(atom);
    }
  }
  return found;
}
