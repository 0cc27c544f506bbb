// The atoms that come before or after an atom in the order of a flow.
import type { CompiledFlow } from '../../run/graph/graph.ts';
import type { AtomIndex, NodeIndex } from '../../run/graph/index-spaces.ts';

/** Atoms that come before or after an atom; iterations that may run together are still undone one after another. */
export function reached(flow: CompiledFlow, index: AtomIndex, along: 'before' | 'undoing'): Set<AtomIndex> {
  const found = new Set<AtomIndex>();
  const seen = new Set<NodeIndex>();
  const atom = flow.atoms[index];
  const open = atom === undefined ? [] : [atom.node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { before = [], after = [], undoAfter = null } = flow.nodes[at] ?? {};
    const next = along === 'before' ? before : undoAfter === null ? after : [...after, undoAfter];
    for (const node of next) {
      if (seen.has(node)) continue;
      seen.add(node);
      open.push(node);
      const other = flow.nodes[node]?.atom ?? null;
      if (other !== null) found.add(other);
    }
  }
  return found;
}
