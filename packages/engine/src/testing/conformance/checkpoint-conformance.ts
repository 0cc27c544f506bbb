// The rules for every store of checkpoints.
import { describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../logbook/checkpoint-store.ts';
import type { BoardUnderTest } from './board-conformance.ts';
import { orderOf } from './job-order.ts';

export interface CheckpointsUnderTest extends Pick<BoardUnderTest, 'board'> {
  readonly checkpoints: CheckpointStore;
}

/** Registers the suite. */
export function testCheckpoints(name: string, fresh: () => Promise<CheckpointsUnderTest>): void {
  describe(`checkpoints: ${name}`, () => {
    it('returns the last checkpoint of a job unchanged, and none of another job', async () => {
      const { board, checkpoints } = await fresh();
      const { job } = await board.post(orderOf(), 1);
      const { job: other } = await board.post(orderOf(), 1);
      expect(await checkpoints.latest(job)).toBeNull();
      const first = { number: 1_000, fold: '1-a', flow: 'f', body: 'one' };
      const second = { number: 2_000, fold: '1-b', flow: 'g', body: 'two \u2028 "quoted"\nlines' };
      await checkpoints.keep(job, first);
      expect(await checkpoints.latest(job)).toEqual(first);
      await checkpoints.keep(job, second);
      expect(await checkpoints.latest(job)).toEqual(second);
      expect(await checkpoints.latest(other)).toBeNull();
    });

    it('keeps a checkpoint of several megabytes', async () => {
      const { board, checkpoints } = await fresh();
      const { job } = await board.post(orderOf(), 1);
      const body = 'x'.repeat(5_000_000);
      await checkpoints.keep(job, { number: 50_000, fold: '1', flow: 'f', body });
      expect((await checkpoints.latest(job))?.body).toBe(body);
    });

    it('does not fail for an unknown job', async () => {
      const { checkpoints } = await fresh();
      await checkpoints.keep('job_nowhere', { number: 1, fold: '1', flow: 'f', body: 'b' });
    });
  });
}
