import { describe, expect, it } from 'vitest';
import { type TimedRun, countsOf, durationsOf, outcomeOf, percentile, successRate } from './run-statistics.ts';

const run = (parts: Partial<TimedRun>): TimedRun => ({
  ...{ id: 'job_x', run: 'SUCCESS', state: 'COMPLETE', attention: null, forward: 'succeeded', forwardKind: 'succeeded' },
  ...{ postedAt: 0, startedAt: 0, endedAt: 100 },
  ...parts,
});

describe('how runs went', () => {
  it('one that succeeded and was rolled back later did succeed; one that goes on or was cancelled is neither', () => {
    const runs = [
      run({}),
      run({ run: 'REVERTED' }),
      run({ run: 'REVERTED', forward: 'failed at build', forwardKind: 'failed' }),
      run({ run: 'RUNNING', forward: '', forwardKind: null }),
      run({ run: 'FAILURE', forward: 'cancelled', forwardKind: 'cancelled' }),
      run({ run: 'FAILURE', forward: 'past its deadline', forwardKind: 'overdue' }),
    ];
    expect(runs.map(outcomeOf)).toEqual(['succeeded', 'succeeded', 'failed', 'other', 'other', 'failed']);
    expect(successRate(runs)).toEqual({ share: 2 / 4, of: 4 });
    expect(successRate(runs.slice(3, 5))).toBeNull();
    expect(outcomeOf(run({ run: 'REVERTED', forward: 'the words of another version', forwardKind: 'overdue' }))).toBe('failed');
    expect(countsOf(runs)[0]).toEqual(['REVERTED', 2]);
  });

  it('percentiles are values that occurred', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 95, 99, 100]);
    expect([percentile([7], 0.5), percentile([], 0.5)]).toEqual([7, null]);
  });

  it('durations stand in the order of their start, without what was rolled back', () => {
    const points = durationsOf([
      run({ startedAt: 2_000, endedAt: 2_300 }),
      run({ startedAt: 1_000, endedAt: 1_100 }),
      run({ startedAt: 3_000, endedAt: 90_000, run: 'REVERTED' }),
      run({ startedAt: 4_000, endedAt: null, run: 'RUNNING' }),
    ]);
    expect(points).toEqual([
      { time: 1_000, took: 100, p50: 100, p95: 100, p99: 100 },
      { time: 2_000, took: 300, p50: 100, p95: 300, p99: 300 },
    ]);
  });
});
