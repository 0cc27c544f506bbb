// Long work in slices, so that the event loop is never blocked for long, and can renew leases and answer people in between.
import type { Pause } from '../../clock.ts';

/** Number of slices between two pauses; a slice is about a hundred atoms. */
const SLICES = 10;

/** Does the work, with a pause after every few slices. */
export async function inSlices<T>(work: Generator<void, T>, pause: Pause): Promise<T> {
  for (let slices = 1; ; slices += 1) {
    const step = work.next();
    if (step.done) return step.value;
    if (slices % SLICES === 0) await pause();
  }
}
