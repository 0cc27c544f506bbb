// Dropped iterations: their element is no longer in the list, or the loop has not reached
// their round. Atoms in them that stand are from an earlier pass; the others are not shown.
import { type AtomSnapshot, type Run, droppedFrom, isCalledKind } from '@windlass/engine/run';

/** Addresses of atoms in dropped iterations. */
export interface Dropped {
  /** Tasks, stages and containers' own reverts that are not PENDING, with the kind of container that repeats around them. */
  readonly touched: ReadonlyMap<string, 'for_each' | 'loop'>;
  readonly empty: ReadonlySet<string>;
}

export const NOTHING_DROPPED: Dropped = { touched: new Map(), empty: new Set() };

/** O(atoms), and O(1) for a run without iterations. */
export function droppedOf({ flow, atoms }: Run): Dropped {
  if (flow.base === null) return NOTHING_DROPPED;
  const touched = new Map<string, 'for_each' | 'loop'>();
  const empty = new Set<string>();
  atoms.forEach(({ atom, state }, index) => {
    const from = droppedFrom(flow, index);
    if (from === null) return;
    if (state === 'PENDING') empty.add(atom);
    else if (isCalledKind(flow.atoms[index]?.kind)) touched.set(atom, from);
  });
  return touched.size + empty.size === 0 ? NOTHING_DROPPED : { touched, empty };
}

export const DROPPED_WORDS = {
  for_each: 'No longer in the list, stands from an earlier pass',
  loop: 'Not a round of this pass, stands from an earlier one',
} as const;

/** Why an atom stands although its iteration is dropped; null when that is not the case. */
export function droppedWords(dropped: Dropped['touched'], atom: Pick<AtomSnapshot, 'atom' | 'state'> | undefined): string | null {
  const from = atom === undefined ? undefined : dropped.get(atom.atom);
  if (from === undefined || atom?.state === 'REVERTED' || atom?.state === 'PENDING') return null;
  return DROPPED_WORDS[from];
}
