// How much a conductor begins of one run.
import type { Run } from '../state/run.ts';

export interface Limits {
  /** Most atoms of one run that are applied or reverted at the same time; 0 where nothing more begins. */
  readonly parallel: number;
  /** Entries after which a turn ends, though more follows by itself; about as many as are folded in 10 ms. */
  readonly entries?: number;
}

/** Most characters of large values that the calls of one run hold at the same time; a single call may hold more. */
const MOST_BUSY_SIZE = 33_554_432;

/** May one more call begin? A call that is in doubt without a call in this process takes no room. */
export function hasRoom({ busy, doubts, busySize }: Run, { parallel }: Limits): boolean {
  return busy - doubts < parallel && busySize < MOST_BUSY_SIZE;
}
