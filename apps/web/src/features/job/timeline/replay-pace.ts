// The speed of playing a logbook: the real speed if it can be watched, faster when there was little or much to show.
import type { Entry } from '@windlass/engine/run';

const LEAST_MS = 120;
const MOST_MS = 1_000;
/** Longest time to play a whole logbook. */
const WHOLE_MS = 60_000;

export interface Moment {
  readonly number: number;
  /** How long the entry before it is shown. */
  readonly afterMs: number;
}

/** The entry to show next; null at the last entry, `number`, where the page becomes live again. */
export function nextMoment(entries: readonly Entry[], { at, number }: { readonly at: number; readonly number: number }): Moment | null {
  const step = Math.max(1, Math.ceil((number * LEAST_MS) / WHOLE_MS));
  const next = at + step;
  if (next >= number) return null;
  const first = entries[0]?.number ?? 1;
  const from = entries[at - first]?.time;
  const to = entries[next - first]?.time;
  const took = from === undefined || to === undefined ? LEAST_MS : to - from;
  return { number: next, afterMs: Math.min(MOST_MS, Math.max(LEAST_MS, took)) };
}
