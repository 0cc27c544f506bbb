// Which chosen atoms bring a dependant into a plan (SEMANTICS B1): the nearest ones on the ways to it. Another chosen atom,
// such as another iteration of the same for-each, is not named.
import { type Run, atomAt } from '../state/run.ts';

/** Most atoms that are named for one dependant. */
const MOST_NAMED = 10;
const NONE: readonly number[] = [];

/** Addresses of the nearest chosen atoms before each atom. O(items + links). */
export function nearestChosen(run: Run, isChosen: (atom: number) => boolean): (index: number) => readonly string[] {
  const { nodes, atoms } = run.flow;
  const waitingFor = Int32Array.from(nodes, ({ before }) => before.length);
  const nearest = new Array<readonly number[]>(nodes.length).fill(NONE);
  const open = nodes.flatMap(({ index, before }) => (before.length === 0 ? [index] : []));
  for (let node = nodes[open.pop() ?? -1]; node !== undefined; node = nodes[open.pop() ?? -1]) {
    const passedOn = node.atom >= 0 && isChosen(node.atom) ? [node.atom] : (nearest[node.index] ?? NONE);
    for (const after of node.after) {
      nearest[after] = together(nearest[after] ?? NONE, passedOn);
      const left = (waitingFor[after] ?? 0) - 1;
      waitingFor[after] = left;
      if (left === 0) open.push(after);
    }
  }
  return (index) => {
    const found = nearest[atoms[index]?.node ?? -1] ?? NONE;
    return [...found].sort((a, b) => a - b).map((atom) => atomAt(run, atom).atom);
  };
}

function together(some: readonly number[], more: readonly number[]): readonly number[] {
  if (some === more || more.length === 0) return some;
  return some.length === 0 ? more : [...new Set([...some, ...more])].slice(0, MOST_NAMED);
}
