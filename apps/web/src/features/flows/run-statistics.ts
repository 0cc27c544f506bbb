// Statistics of the runs of a flow. Pure.
//
// A run succeeded when it reached its end, even if a person rolled it back later; it failed when it ended
// otherwise. A running, waiting or cancelled run counts as neither.
import type { JobRow } from '@windlass/engine/run';

export type PastRun = Pick<JobRow, 'id' | 'run' | 'state' | 'attention' | 'forward' | 'forwardKind' | 'postedAt'>;
export type TimedRun = PastRun & Pick<JobRow, 'startedAt' | 'endedAt'>;

export type Outcome = 'succeeded' | 'failed' | 'other';

export function outcomeOf({ run, forwardKind }: Pick<PastRun, 'run' | 'forwardKind'>): Outcome {
  if (run === 'SUCCESS' || forwardKind === 'succeeded') return 'succeeded';
  return forwardKind === 'failed' || forwardKind === 'overdue' ? 'failed' : 'other';
}

/** Share of successful runs among those that succeeded or failed; null when there are none. */
export function successRate(runs: readonly Pick<PastRun, 'run' | 'forwardKind'>[]): { readonly share: number; readonly of: number } | null {
  const outcomes = runs.map(outcomeOf).filter((outcome) => outcome !== 'other');
  if (outcomes.length === 0) return null;
  return { share: outcomes.filter((outcome) => outcome === 'succeeded').length / outcomes.length, of: outcomes.length };
}

/** The smallest value that is at least as large as that share of the values; null for an empty list. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** A successful run, and the percentiles of the last successful runs up to it; times in ms. */
export interface DurationPoint {
  readonly time: number;
  readonly took: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Number of runs in the window of a percentile. */
export const WINDOW = 50;

/** Oldest first. Runs that were rolled back are left out, because their end is the end of the rollback. */
export function durationsOf(runs: readonly TimedRun[]): DurationPoint[] {
  const timed = runs
    .flatMap(({ run, startedAt, endedAt }) => (run === 'SUCCESS' && startedAt !== null && endedAt !== null ? [{ startedAt, endedAt }] : []))
    .sort((a, b) => a.startedAt - b.startedAt);
  return timed.map(({ startedAt, endedAt }, index) => {
    const window = timed.slice(Math.max(0, index + 1 - WINDOW), index + 1).map((one) => one.endedAt - one.startedAt);
    const at = (share: number) => percentile(window, share) ?? 0;
    return { time: startedAt, took: endedAt - startedAt, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  });
}

/** Runs by state, the most frequent first. */
export function countsOf(runs: readonly Pick<PastRun, 'run'>[]): [state: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { run } of runs) counts.set(run, (counts.get(run) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
