// The wait that a task gives is checked before it is recorded: every wait ends, or names a thing that a person can see and settle
// (I7, R7, J6).
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import type { Wait } from '../../task/wait.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { atomIndex } from '../graph/index-spaces.ts';

const definition = flow(linear('f', [task('p'), task('a', { type: 'launch' })]));
const onJob = (until: number | null) => ({ on: 'job', job: 'job_x', until, output: null }) as const;

const wrong: [string, unknown, string][] = [
  ['a timer until NaN', { on: 'timer', until: Number.NaN }, '"until"'],
  ['a timer until Infinity', { on: 'timer', until: Number.POSITIVE_INFINITY }, '"until"'],
  ['a timer beyond every date', { on: 'timer', until: 9e15 }, '"until"'],
  ['a timer without a time', { on: 'timer' }, '"until"'],
  ['a timer without an end', { on: 'timer', until: null }, '"until"'],
  ['a timer until a text', { on: 'timer', until: 'tomorrow' }, '"until"'],
  ['a timer until a bigint', { on: 'timer', until: 10n }, '"until"'],
  ['a timer whose output is no object', { on: 'timer', until: 5, output: 'text' }, '"output"'],
  ['an unknown wait', { on: 'bogus', until: 1 }, '"on": expected timer, approval, signal or job'],
  ['nothing', {}, '"on": expected timer, approval, signal or job'],
  ['null', null, 'cannot wait'],
  ['a signal without a name', { on: 'signal', until: null, then: 'fail' }, '"name"'],
  ['a signal whose name is an object', { on: 'signal', name: { a: 1 }, until: null, then: 'fail' }, '"name"'],
  ['an approval without a question', { on: 'approval', by: [], until: null, then: 'fail' }, '"question"'],
  ['an approval by a text', { on: 'approval', by: 'ana', question: 'q', until: null, then: 'fail' }, '"by"'],
  ['a job without its id', { on: 'job', until: null, output: null }, '"job"'],
  ['a job until NaN', onJob(Number.NaN), '"until"'],
];

describe('I7: a wait that is none is WAIT_INVALID, and the attempt fails and is reverted', () => {
  it.each(wrong)('%s, said by apply', (_, waiting, words) => {
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
    test.answer(0);
    test.pending.shift();
    test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting: waiting as Wait });
    expect(test.run.atoms[atomIndex(1)]?.failure).toMatchObject({ code: 'WAIT_INVALID', message: expect.stringContaining(words) });
    expect([test.finish().run.state, test.states]).toEqual(['REVERTED', { p: 'REVERTED', a: 'REVERTED' }]);
  });

  it.each(wrong)('%s, said by a type that only waits', (_, waiting, words) => {
    const anything = z.looseObject({});
    const odd = defineTask({
      ...{ type: 'odd', version: 1, title: 'o', summary: 'o', icon: 'box', group: 'Test', input: anything, output: anything },
      ...{ effects: { kind: 'none' }, repeatable: true, apply: async () => ({}), waits: () => waiting as Wait },
    });
    const test = new TestRun({ definition: flow(linear('f', [task('a', { type: 'odd' })])), catalog: catalogOf([odd]) }).go();
    expect(test.run.forward).toMatchObject({ failure: { code: 'WAIT_INVALID', message: expect.stringContaining(words) } });
    expect(test.run.state).toBe('REVERTED');
  });

  it('S4: a wait of more than 1 MiB is PAYLOAD_TOO_LARGE', () => {
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
    test.answer(0);
    test.pending.shift();
    test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting: { on: 'timer', until: 1, output: { v: 'x'.repeat(2_000_000) } } });
    expect(test.run.atoms[atomIndex(1)]?.failure?.code).toBe('PAYLOAD_TOO_LARGE');
  });
});

it('R7: a revert that waits until no time has failed, and a person can settle it', () => {
  const test = reverting();
  test.send({ kind: 'REVERT_WAITS', atom: 'a', attempt: 1, revertAttempt: 1, waiting: onJob(Number.NaN) });
  expect([test.run.state, test.states['a'], test.run.attention]).toEqual(['REVERT_FAILED', 'REVERT_FAILURE', 'revert_failed']);
  expect(test.run.atoms[atomIndex(1)]?.revertFailure?.code).toBe('WAIT_INVALID');
  test.act({ kind: 'KEEP', reason: 'it is gone', atom: 'a' }).finish();
  expect([test.answered?.kind, test.run.state]).toEqual(['done', 'PARTIALLY_REVERTED']);
});

it('P9: when a job has ended, only the task that waits for that job is called again', () => {
  const tasks = [task('p', { type: 'launch' }), task('q', { type: 'launch' }), task('other')];
  const test = new TestRun({ definition: flow(unordered('f', tasks)), catalog: fakeCatalog }).claim();
  test.pending = test.pending.filter(({ call }) => call.atom === 'other');
  for (const atom of ['p', 'q']) {
    test.send({ kind: 'POSTED', atom, attempt: 1, waiting: { on: 'job', job: `job_${atom}`, until: 60_000, output: null } });
  }
  test.send({ kind: 'JOB_AT_REST', job: 'job_q', hasEnded: true });
  expect([test.states, test.pending.map(({ call }) => call.atom)]).toEqual([
    { p: 'WAITING', q: 'RUNNING', other: 'RUNNING' },
    ['other', 'q'],
  ]);
});

it('J6: a task that waits for the end of a job alone is not called for its need of a person, also after a claim', () => {
  const tasks = [task('p', { type: 'launch' }), task('q', { type: 'launch' }), task('other')];
  const test = new TestRun({ definition: flow(unordered('f', tasks)), catalog: fakeCatalog }).claim();
  test.pending = test.pending.filter(({ call }) => call.atom === 'other');
  for (const [atom, more] of [['p', { ends: true }] as const, ['q', {}] as const]) {
    test.send({ kind: 'POSTED', atom, attempt: 1, waiting: { on: 'job', job: 'job_x', until: 60_000, output: null, ...more } });
  }
  test.send({ kind: 'JOB_AT_REST', job: 'job_x', hasEnded: false });
  expect(test.states).toEqual({ p: 'WAITING', q: 'RUNNING', other: 'RUNNING' });
  test.send({ kind: 'JOB_AT_REST', job: 'job_x', hasEnded: true });
  expect(test.states).toEqual({ p: 'RUNNING', q: 'RUNNING', other: 'RUNNING' });
});

describe('J6: a task that waits for a job until a time that has passed is asked again after a pause', () => {
  it('a second first, then a quarter of the time since the attempt began, half a minute at most', () => {
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
    test.answer(0);
    const pauses: number[] = [];
    for (let asked = 0; asked < 30; asked += 1) {
      expect(test.pending.map(({ call }) => `${call.kind} ${call.atom}`)).toEqual(['apply a']);
      test.pending.shift();
      test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting: onJob(1) });
      expect(test.pending, 'called again in the same turn').toEqual([]);
      const due = test.run.wakeAt ?? test.wakeAt ?? 0;
      pauses.push(due - test.run.lastTime);
      if (test.run.job === 'WAITING') test.wake();
      else test.passTime();
    }
    expect([pauses[0], pauses.at(-1)]).toEqual([1_000, 30_000]);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  });

  it('a revert after half a minute', () => {
    const test = reverting();
    test.send({ kind: 'REVERT_WAITS', atom: 'a', attempt: 1, revertAttempt: 1, waiting: onJob(1) });
    expect([test.pending, test.run.wakeAt]).toEqual([[], test.run.lastTime + 30_000]);
  });

  it('and at once when that job has come to rest, which wakes the parked run', () => {
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
    test.answer(0);
    test.pending.shift();
    test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting: onJob(1) });
    expect(test.run.job).toBe('WAITING');
    test.claim();
    expect(test.pending.map(({ call }) => call.kind)).toEqual(['apply']);
  });
});

describe('J6: a task that waits for a job and names no time is asked again after as long as it has waited so far', () => {
  const waiting = { on: 'job', job: 'job_1', until: null, output: null } as const;

  it.each(['apply', 'revert'] as const)(
    '%s: from half a minute to a day, so a month of waiting costs a handful of entries a day',
    (kind) => {
      const test = kind === 'revert' ? reverting() : new TestRun({ definition, catalog: fakeCatalog }).claim();
      if (kind === 'apply') {
        test.answer(0);
        test.pending.shift();
      }
      const began = test.run.lastTime;
      const before = test.run.number;
      const pauses: number[] = [];
      while (test.run.lastTime - began < 30 * DAY_MS) {
        test.send(
          kind === 'apply'
            ? { kind: 'POSTED', atom: 'a', attempt: 1, waiting }
            : { kind: 'REVERT_WAITS', atom: 'a', attempt: 1, revertAttempt: 1, waiting },
        );
        pauses.push((test.run.wakeAt ?? 0) - test.run.lastTime);
        test.wake();
        expect(test.pending.map(({ call }) => `${call.kind} ${call.atom}`)).toEqual([`${kind} a`]);
        test.pending.shift();
      }
      expect([pauses[0], pauses.at(-1)]).toEqual([30_000, DAY_MS]);
      for (const [index, pause] of pauses.entries())
        expect(pause).toBeLessThanOrEqual(Math.max(30_000, 2.1 * (pauses[index - 1] ?? 30_000)));
      expect((test.run.number - before) / 30).toBeLessThan(6);
    },
  );
});

const DAY_MS = 86_400_000;

function reverting(): TestRun {
  const test = new TestRun({ definition, catalog: fakeCatalog }).go();
  test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash });
  test.pending.shift();
  return test;
}
