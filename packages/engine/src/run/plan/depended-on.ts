// Which chosen atoms bring a dependant into a plan (B1): the nearest ones on the ways to it. Another chosen atom,
// such as another iteration of the same for-each, is not named.
import { type Run, atomAt } from '../state/run.ts';
import { type AtomIndex, type NodeIndex, listBy, lookUp } from '../graph/index-spaces.ts';

/** Most atoms that are named for one dependant. */
const MOST_NAMED = 10;
const NONE: readonly AtomIndex[] = [];

/** Addresses of the nearest chosen atoms before each atom. O(items + links). */
export function nearestChosen(run: Run, isChosen: (atom: AtomIndex) => boolean): (index: AtomIndex) => readonly string[] {
  const { nodes, atoms } = run.flow;
  const waitingFor = listBy<NodeIndex, number>(nodes.map(({ before }) => before.length));
  const nearest = listBy<NodeIndex, readonly AtomIndex[]>(new Array<readonly AtomIndex[]>(nodes.length).fill(NONE));
  const open = nodes.flatMap(({ index, before }) => (before.length === 0 ? [index] : []));
  for (let node = lookUp(nodes, open.pop()); node !== undefined; node = lookUp(nodes, open.pop())) {
    const passedOn = node.kind === 'ATOM' && isChosen(node.atom) ? [node.atom] : (nearest[node.index] ?? NONE);
    for (const after of node.after) {
      nearest[after] = together(nearest[after] ?? NONE, passedOn);
      const left = (waitingFor[after] ?? 0) - 1;
      waitingFor[after] = left;
      if (left === 0) open.push(after);
    }
  }
  return (index) => {
    const found = lookUp(nearest, atoms[index]?.node) ?? NONE;
    return [...found].sort((a, b) => a - b).map((atom) => atomAt(run, atom).atom);
  };
}

function together(some: readonly AtomIndex[], more: readonly AtomIndex[]): readonly AtomIndex[] {
  if (some === more || more.length === 0) return some;
  return some.length === 0 ? more : [...new Set([...some, ...more])].slice(0, MOST_NAMED);
}
