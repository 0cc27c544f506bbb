// S4: the answer of a wait is the output of its task, and the schema of the type decides about it as about an output of apply.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Json } from '../../json.ts';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import type { Wait } from '../../task/wait.ts';
import { flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';

function waiting(type: string, output: z.ZodObject, wait: (now: number) => Wait) {
  const words = { version: 1, title: type, summary: type, icon: 'box', group: 'Test', input: z.looseObject({}) };
  const effects = { kind: 'none' } as const;
  return defineTask({ type, ...words, output, effects, repeatable: true, apply: async () => ({}), waits: (_, now) => wait(now) });
}

const released = z.object({ data: z.object({ version: z.string() }), received: z.boolean() });
const approved = z.object({ approved: z.literal(true), by: z.string(), comment: z.string().min(5) });

const catalog = catalogOf([
  waiting('release', released, (now) => ({ on: 'signal', name: 'go', until: now + 9_000, then: 'go_on' })),
  waiting('sign', approved, (now) => ({ on: 'approval', by: [], until: now + 9_000, then: 'approve', question: 'go on?' })),
  waiting('sleep', z.object({ waitedMs: z.number() }), (now) => ({ on: 'timer', until: now + 5_000, output: { waitedMs: 5_000 } })),
  waiting('nap', z.object({ waitedMs: z.number() }), (now) => ({ on: 'timer', until: now + 5_000 })),
]);

const started = (type: string, options: { onFailure?: 'hold' } = {}) =>
  new TestRun({ definition: flow(linear('f', [task('a', { type })]), options), catalog }).claim();
const ended = ({ run }: TestRun) => {
  const [atom] = run.atoms;
  return { state: atom?.state, code: atom?.failure?.code, output: atom?.output };
};
const signal = (test: TestRun, data: Json) => test.act({ kind: 'SIGNAL', reason: '', name: 'go', data });
const answer = (test: TestRun, reason: string) => test.act({ kind: 'ANSWER_APPROVAL', reason, atom: 'a', approved: true });

describe('an answer that fits the schema of the type', () => {
  it.each<[string, (test: TestRun) => TestRun, Json]>([
    ['release', (test) => signal(test, { version: '1.2', note: 'not in the schema' }), { data: { version: '1.2' }, received: true }],
    ['sign', (test) => answer(test, 'looks good'), { approved: true, by: 'ana', comment: 'looks good' }],
    ['sleep', (test) => test.wake(), { waitedMs: 5_000 }],
  ])('S4: of %s is recorded as the schema makes it', (type, act, output) => {
    const test = act(started(type));
    expect(ended(test)).toMatchObject({ state: 'SUCCESS', output });
    expect(test.run.state).toBe('SUCCESS');
  });
});

describe('an answer that does not fit the schema of the type', () => {
  it.each<[string, string, (test: TestRun) => TestRun]>([
    ['the data of a signal', 'release', (test) => signal(test, { version: 12 })],
    ['a signal without data', 'release', (test) => signal(test, null)],
    ['a signal that did not come', 'release', (test) => test.wake()],
    ['an approval by a person', 'sign', (test) => answer(test, 'ok')],
    ['an approval because no person answered', 'sign', (test) => test.wake()],
    ['a timer without the output of its type', 'nap', (test) => test.wake()],
  ])('S4: %s fails the task with OUTPUT_INVALID, as an output of apply does', (_, type, act) => {
    const test = act(started(type, { onFailure: 'hold' }));
    expect(ended(test)).toMatchObject({ state: 'FAILURE', code: 'OUTPUT_INVALID' });
    expect(test.run.state).toBe('FAILURE');
    // I4: replay is the live state.
    const states = test.states;
    expect(test.crash().states).toEqual(states);
  });

  it('S4: the outputs of a launched job fail the task with OUTPUT_INVALID', () => {
    const posting = defineTask({
      ...{ type: 'launching', version: 1, title: 'l', summary: 'l', icon: 'box', group: 'Test', input: z.looseObject({}) },
      ...{ output: z.object({ outputs: z.object({ id: z.string() }) }), effects: { kind: 'none' } as const, repeatable: true },
      apply: async () => ({ outputs: { id: '' } }),
    });
    const definition = flow(linear('f', [task('a', { type: 'launching' })]), { onFailure: 'hold' });
    const test = new TestRun({ definition, catalog: catalogOf([posting]), script: () => ({ output: { outputs: { id: 7 } } }) }).claim();
    test.pending.splice(0);
    test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting: { on: 'job', job: 'j', until: 31_000, output: null } });
    expect(ended(test).state).toBe('WAITING');
    test.wake().answerNext();
    expect(ended(test)).toMatchObject({ state: 'FAILURE', code: 'OUTPUT_INVALID' });
  });

  it('A7: a signal whose data do not fit is used up: the next attempt waits for another signal', () => {
    const test = signal(started('release', { onFailure: 'hold' }), { version: 12 });
    expect(test.run.signals).toEqual([]);
    test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} });
    expect(ended(test).state).toBe('WAITING');
    expect(ended(signal(test, { version: '2' }))).toMatchObject({ state: 'SUCCESS', output: { data: { version: '2' } } });
    expect(test.crash().run.signals).toEqual([]);
  });

  it('A7: one that was sent before the wait fails it at once, and the run can be rolled back', () => {
    const definition = flow(linear('f', [task('b', { type: 'sleep' }), task('a', { type: 'release' })]), { onFailure: 'hold' });
    const test = signal(new TestRun({ definition, catalog }).claim(), 'soon').wake();
    expect([test.states, test.run.signals]).toEqual([{ b: 'SUCCESS', a: 'FAILURE' }, []]);
    const choice = { kind: 'job' } as const;
    const { hash } = planRollback(test.run, choice);
    expect(test.act({ kind: 'ROLL_BACK', reason: '', choice, hash }).finish().run.state).toBe('REVERTED');
  });
});
