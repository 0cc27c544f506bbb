// Long work in slices, so that a process that drives jobs can renew leases and answer people in between.
import type { Pause } from './clock.ts';

/** Work that yields after every slice. It is written once, and done straight through (`atOnce`) or with pauses (`inSlices`). */
export type Slices<T> = Generator<void, T>;

/** Largest number of items, atoms or links in one slice. */
export const SLICE = 100;
/** Number of slices between two pauses: compiling a thousand items takes about 4 ms, and a pause 5 µs. */
const SLICES_A_TURN = 10;

/** Is this the position at which a slice ends? */
export function endsSlice(position: number): boolean {
  return position % SLICE === SLICE - 1;
}

/** Does the work without a pause. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does the work, with a pause after every few slices. */
export async function inSlices<T>(work: Slices<T>, pause: Pause): Promise<T> {
  for (let slices = 1; ; slices += 1) {
    const step = work.next();
    if (step.done) return step.value;
    if (slices % SLICES_A_TURN === 0) await pause();
  }
}
