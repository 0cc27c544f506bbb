// A revert that waits for another job (P9, J6, R11): the job is parked, and the same attempt is called again.
import { expect, it } from 'vitest';
import { type TaskItem, taskItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { atomIndex } from '../graph/index-spaces.ts';

const JOB = { kind: 'job' } as const;
const waiting = (until: number | null) => ({ on: 'job', job: 'job_1', until, output: null }) as const;

function inRevert(until: number | null): TestRun {
  const test = new TestRun({ definition: flow(linear('f', [task('a'), task('b')])), catalog: fakeCatalog }).go();
  test.act({ kind: 'ROLL_BACK', reason: '', choice: JOB, hash: planRollback(test.run, JOB).hash });
  test.pending.shift();
  return test.send({ kind: 'REVERT_WAITS', atom: 'b', attempt: 1, revertAttempt: 1, waiting: waiting(until) });
}

it('parks the job, and is called again at its time, as the same attempt', () => {
  const test = inRevert(1_000_000);
  expect([test.run.job, test.run.wakeAt, test.states['b'], test.pending]).toEqual(['WAITING', 1_000_000, 'REVERTING', []]);
  test.wake();
  expect(test.pending.map(({ revertAttempt, call }) => `${call.kind} ${call.atom} ${revertAttempt}`)).toEqual(['revert b 1']);
  expect(test.finish().run.state).toBe('REVERTED');
});

it('is called once when the job that it waits for has woken it', () => {
  const test = inRevert(null);
  test.claim();
  expect(test.pending).toHaveLength(1);
  expect(test.finish().run.state).toBe('REVERTED');
});

it('is called when that job has come to rest while the job is driven, and not after that of another job', () => {
  const test = inRevert(1_100);
  expect(test.run.job).toBe('CLAIMED');
  test.send({ kind: 'JOB_AT_REST', job: 'job_2', hasEnded: true });
  expect(test.pending).toEqual([]);
  test.send({ kind: 'JOB_AT_REST', job: 'job_1', hasEnded: true });
  expect(test.pending).toHaveLength(1);
});

it('is not called while the rollback is stopped, and goes on when it is resumed', () => {
  const test = inRevert(1_000_000).act({ kind: 'SUSPEND', reason: '' });
  // The claim for the act calls it once more, and the pause awaits the answer.
  test.pending.shift();
  test.send({ kind: 'REVERT_WAITS', atom: 'b', attempt: 1, revertAttempt: 1, waiting: waiting(1_000_000) });
  expect(test.run.state).toBe('SUSPENDED');
  test.act({ kind: 'SIGNAL', reason: '', name: 'x', data: null });
  expect(test.pending).toEqual([]);
  test.act({ kind: 'RESUME', reason: '' });
  expect(test.pending).toHaveLength(1);
});

it('R7: has no time limit while it waits, and its full limit when it is called again', () => {
  const item = taskItemSchema.parse({ ...task('b'), timeLimitMs: 150 });
  const waits = (until: number, others: TaskItem[] = []) => {
    const test = new TestRun({ definition: flow(unordered('f', [item, ...others])), catalog: fakeCatalog }).go();
    test.act({ kind: 'ROLL_BACK', reason: '', choice: JOB, hash: planRollback(test.run, JOB).hash });
    test.pending = test.pending.filter(({ call }) => call.atom !== 'b');
    return test.send({ kind: 'REVERT_WAITS', atom: 'b', attempt: 1, revertAttempt: 1, waiting: waiting(until) });
  };
  expect(waits(1_000_000).run).toMatchObject({ job: 'WAITING', wakeAt: 1_000_000 });
  // Another revert keeps the job driven.
  const driven = waits(1_000_000, [task('c')]);
  expect([driven.run.job, driven.wakeAt]).toEqual(['CLAIMED', 1_000_000]);
  const test = waits(1_000_000).wake();
  expect(test.wakeAt).toBe(test.run.lastTime + 150);
  test.passTime();
  expect(test.run.atoms[atomIndex(0)]?.revertFailure?.code).toBe('TIMEOUT');
});

it('that waits for anything but a job fails with a sentence', () => {
  const test = new TestRun({ definition: flow(linear('f', [task('a')])), catalog: fakeCatalog }).go();
  test.act({ kind: 'ROLL_BACK', reason: '', choice: JOB, hash: planRollback(test.run, JOB).hash });
  test.send({ kind: 'REVERT_WAITS', atom: 'a', attempt: 1, revertAttempt: 1, waiting: { on: 'timer', until: 5 } });
  expect(test.run.atoms[atomIndex(0)]?.revertFailure?.message).toContain('only for another job');
});
