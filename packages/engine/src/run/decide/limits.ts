// Limits on how much of one run a conductor begins.
import type { Run } from '../state/run.ts';

export interface Limits {
  /** Largest number of atoms of one run that are applied or reverted at the same time; 0 when no more may begin. */
  readonly parallel: number;
  /** Number of entries after which a turn ends; about as many as are folded in 10 ms. */
  readonly entries?: number;
  /** Room for large values that the calls of the other runs of the process leave, in characters; as much as one run may have when absent. */
  readonly largeRoom?: number;
}

/** Largest number of characters of large values that the calls of one run hold at the same time; a single call may hold more. */
const MOST_BUSY_SIZE = 33_554_432;

/**
 * May one more call begin? An atom in doubt without a call in this process does not count. A run whose calls hold no large value may
 * always begin one, so that each run goes on.
 */
export function hasRoom({ busy, doubts, busySize }: Run, { parallel, largeRoom = MOST_BUSY_SIZE }: Limits): boolean {
  return busy - doubts < parallel && (busySize === 0 || busySize < Math.min(largeRoom, MOST_BUSY_SIZE));
}

/**
 * Number of entries after which a turn ends: what follows beyond them is left to the next turn. With 2,000, a rollback of 5,000 tasks
 * side by side had a turn of 74 ms, and of 20,000 tasks 65 ms; with 1,000, turns of 52 to 60 and 49 to 57 ms.
 */
export const MOST_ENTRIES = 1_000;

/** Characters of large values after which a turn ends: its entries are stored, and read again, as one text. */
const MOST_FOLDED_SIZE = 262_144;

/** Must a turn, or the turns of one commit, end after so many entries and characters of large values? */
export function hasReachedLimit(
  { entries, foldedSize }: { readonly entries: number; readonly foldedSize: number },
  most = MOST_ENTRIES,
): boolean {
  return entries >= most || foldedSize >= MOST_FOLDED_SIZE;
}
