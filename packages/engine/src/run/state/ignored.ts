// Was an item ignored because of a condition (P5)?
import { beforeAll } from '../graph/graph.ts';
import type { NodeIndex } from '../graph/index-spaces.ts';
import type { Run, RunAtom } from './run.ts';

/** Was the item that ends at this node ignored as a whole? An item that a person skipped counts as done. */
export function isIgnored(run: Run, source: NodeIndex): boolean {
  const node = run.flow.nodes[source];
  if (node === undefined) return false;
  if (node.kind === 'ATOM') return isIgnoredAtom(run.atoms[node.atom]);
  const reached = [node.index];
  const seen = new Set(reached);
  const enter = run.flow.containers[node.boundaryOf]?.enter;
  let found = false;
  for (let at = reached.pop(); at !== undefined; at = reached.pop()) {
    const one = run.flow.nodes[at];
    if (one === undefined) continue;
    // The catch of an item is ignored with the atoms inside, so it is not checked.
    if (one.kind === 'ATOM' && !one.dropped && run.flow.atoms[one.atom]?.kind !== 'catch') {
      if (!isIgnoredAtom(run.atoms[one.atom])) return false;
      found = true;
    }
    if (at === enter) continue;
    for (const before of beforeAll(run.flow, one)) {
      if (seen.has(before)) continue;
      seen.add(before);
      reached.push(before);
    }
  }
  return found;
}

/** Was the atom ignored because of a condition? */
export function isIgnoredAtom(atom: RunAtom | undefined): boolean {
  return atom?.state === 'IGNORE' && atom.failure === null;
}
