// The rules for every store of task logs (L5).
import { describe, expect, it } from 'vitest';
import type { LogLine, TaskLogStore } from '../../logbook/task-log.ts';
import type { BoardUnderTest } from './board-conformance.ts';
import { orderOf } from './job-order.ts';

export interface TaskLogUnderTest extends Pick<BoardUnderTest, 'board'> {
  readonly taskLog: TaskLogStore;
}

const lineOf = (job: string, number: number, more: Partial<LogLine> = {}): LogLine => ({
  ...{ job, atom: 'a', attempt: 1, kind: 'apply', number, time: 1_000 + number, text: `line ${number}` },
  ...more,
});

/** Registers the suite. */
export function testTaskLog(name: string, fresh: () => Promise<TaskLogUnderTest>): void {
  describe(`task log: ${name}`, () => {
    it('L5: returns the lines of one task in order, after a cursor, up to a limit', async () => {
      const { board, taskLog } = await fresh();
      const { job } = await board.post(orderOf(), 1);
      const { job: other } = await board.post(orderOf(), 1);
      await taskLog.append([
        lineOf(job, 1),
        lineOf(job, 1, { atom: 'b' }),
        lineOf(other, 1),
        lineOf(job, 2, { text: 'odd \u0000 \u2028 "quoted"' }),
      ]);
      await taskLog.append([lineOf(job, 1, { kind: 'revert', attempt: 2 })]);
      const first = await taskLog.read({ job, atom: 'a', limit: 2 });
      expect(first.map(({ number, kind, attempt, time }) => [number, kind, attempt, time])).toEqual([
        [1, 'apply', 1, 1_001],
        [2, 'apply', 1, 1_002],
      ]);
      expect(first[1]?.text).toMatch(/^odd .* \u2028 "quoted"$/);
      const rest = await taskLog.read({ job, atom: 'a', after: first.at(-1)?.cursor ?? 0, limit: 10 });
      expect(rest.map(({ kind, attempt, text }) => [kind, attempt, text])).toEqual([['revert', 2, 'line 1']]);
      const ofAttempt = async (attempt: number) => (await taskLog.read({ job, atom: 'a', attempt, limit: 10 })).map(({ cursor }) => cursor);
      expect([await ofAttempt(1), await ofAttempt(2), await ofAttempt(3)]).toEqual([
        first.map(({ cursor }) => cursor),
        [rest[0]?.cursor],
        [],
      ]);
    });

    it('L5: lines of an unknown job are skipped, and other lines are stored', async () => {
      const { board, taskLog } = await fresh();
      const { job } = await board.post(orderOf(), 1);
      await taskLog.append([lineOf('job_nowhere', 1), lineOf(job, 1)]);
      expect(await taskLog.read({ job, atom: 'a', limit: 10 })).toHaveLength(1);
    });
  });
}
