// An act is carried out or refused, never lost (B7), and its answer says which. It is judged on the state after due times.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type Item, flowItemSchema } from '../../definition/schema.ts';
import type { Json } from '../../json.ts';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import type { RollbackChoice } from '../plan/rollback-choice.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { replay } from '../state/fold/fold.ts';
import { emptyRun } from '../state/run.ts';
import type { Entry } from '../../logbook/entry.ts';
import { Waiting } from '../../task/wait.ts';
import { z } from 'zod';
import { atomIndex } from '../graph/index-spaces.ts';

const JOB = { kind: 'job' } as const;
const run = (definition: FlowDefinition, script?: Script) =>
  new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}) });
const confirm = (test: TestRun, choice: RollbackChoice = JOB) =>
  ({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash }) as const;
const actsOf = (test: TestRun) => test.entries.flatMap((entry) => (entry.kind === 'ACT' ? [entry.act] : []));
const fails =
  (...atoms: string[]): Script =>
  ({ kind, atom, attempt }) =>
    kind === 'apply' && attempt === 1 && atoms.includes(atom) ? { fail: 'BROKEN' } : undefined;

describe('a plan that is confirmed after something has become due', () => {
  it('B2, B7: in a pause beside a delay that has ended: it is carried out', () => {
    const test = run(flow(linear('f', [task('a'), task('wait', { type: 'pause' }), task('b')]))).claim();
    test.answerNext().act({ kind: 'SUSPEND', reason: '' });
    test.advance(10_000);
    test.act(confirm(test)).finish();
    expect(test.answered?.kind).toBe('done');
    expect([test.run.state, test.calls]).toEqual(['REVERTED', ['apply a', 'revert a']]);
  });

  it('B2, B7: at a hold beside a delay that has ended: it is carried out', () => {
    const test = run(flow(unordered('f', [task('wait', { type: 'pause' }), task('a'), task('b')]), { onFailure: 'hold' }), fails('b'));
    test.claim();
    while (test.pending.length > 0) test.answerNext();
    expect(test.run.state).toBe('FAILURE');
    test.advance(10_000);
    test.act(confirm(test)).finish();
    expect([test.answered?.kind, test.run.state]).toEqual(['done', 'REVERTED']);
  });

  it('B2, B7: at a hold beside a wait for a launched job: it is carried out', () => {
    const anything = z.looseObject({});
    const launch = defineTask({
      ...{ type: 'launch', version: 1, title: 'l', summary: 'l', icon: 'box', group: 'Test', input: anything, output: anything },
      ...{ effects: { kind: 'reversible', undo: 'undone' }, repeatable: true },
      apply: async () => new Waiting({ on: 'job', job: 'job_1', until: null, output: null }),
      revert: async () => {},
    });
    const b = fakeCatalog.find('step', 1);
    const definition = flow(unordered('f', [task('l', { type: 'launch' }), task('b')]), { onFailure: 'hold' });
    const test = new TestRun({ definition, catalog: catalogOf(b === undefined ? [launch] : [launch, b]), script: fails('b') }).claim();
    test.pending.shift();
    test.send({ kind: 'POSTED', atom: 'l', attempt: 1, waiting: { on: 'job', job: 'job_1', until: 1, output: null } });
    while (test.pending.length > 0) test.answerNext();
    expect(test.run.state).toBe('FAILURE');
    test.advance(60_000);
    test.act(confirm(test)).finish();
    expect([test.answered?.kind, test.run.state]).toEqual(['done', 'REVERTED']);
  });

  it('B2: by two people one after the other: the second is refused, and the logbook has one act', () => {
    const test = run(flow(linear('f', [task('a')]))).go();
    const act = confirm(test);
    test.act(act);
    expect(test.answered?.kind).toBe('done');
    test.finish().act(act);
    expect(test.answered?.kind).toBe('refused');
    expect(actsOf(test)).toEqual(['ROLL_BACK']);
  });

  it('B1: that leaves out an address which the flow does not have is refused', () => {
    const test = run(flow(linear('f', [task('a')]))).go();
    test.act(confirm(test, { kind: 'atoms', atoms: ['a'], leaveOut: [{ atom: 'nobody', reason: 'left' }] }));
    expect(test.answered).toMatchObject({ kind: 'refused', message: 'This flow version has no task "nobody".' });
  });
});

it('B7: a cancel that holds, while pausing: the run is held, and Resume goes on from there', () => {
  const test = run(flow(linear('f', [task('a'), task('b')])))
    .claim()
    .act({ kind: 'SUSPEND', reason: '' });
  expect(test.run.state).toBe('SUSPENDING');
  test.act({ kind: 'CANCEL', reason: 'wrong day', then: 'hold' });
  expect(test.answered?.kind).toBe('done');
  expect(test.answerNext().run).toMatchObject({ state: 'FAILURE', attention: 'held', forward: { kind: 'cancelled' } });
  expect(test.act({ kind: 'RESUME', reason: '' }).finish().run.state).toBe('SUCCESS');
});

describe('outputs that a person gives (S4)', () => {
  const huge: Json = 'x'.repeat(2_000_000);
  const held = () =>
    run(flow(linear('f', [task('a', { type: 'needs_text', parameters: { text: 't' } })]), { onFailure: 'hold' }), fails('a')).go();
  it.each([
    ['of another type', { text: 42 }, 'does not fit its task type: text'],
    ['too large', { text: huge }, 'more than 1048576 characters'],
  ])('at a skip: one %s is refused', (_, output, words) => {
    const test = held().act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'a', output });
    expect(test.answered?.kind === 'refused' ? test.answered.message : '').toContain(words);
    expect(test.run.state).toBe('FAILURE');
  });

  it('at a skip: no output is allowed, and a fitting one is used', () => {
    expect(held().act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'a', output: {} }).answered?.kind).toBe('done');
    const test = held().act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'a', output: { text: 'given' } });
    expect([test.answered?.kind, test.run.atoms[atomIndex(0)]?.output]).toEqual(['done', { text: 'given' }]);
  });

  const stuck = (type: string) => {
    const script: Script = ({ kind }) => (kind === 'revert' ? { fail: 'STUCK' } : { output: { id: 'old' } });
    const test = run(flow(linear('f', [task('a', { type })])), script).go();
    return test.act(confirm(test)).finish();
  };
  it.each([
    ['without a reason', 'mendable', { id: 'new' }, '', 'Say why'],
    ['of another type', 'mendable', { id: 42 }, 'why', 'does not fit its task type: id'],
    ['too large', 'mendable', { id: huge }, 'why', 'more than 1048576 characters'],
    ['of a task type that does not allow it', 'step', { id: 'new' }, 'why', 'cannot be edited'],
  ])('at a revert that is tried again: one %s is refused', (_, type, output, reason, words) => {
    const test = stuck(type).act({ kind: 'RETRY_REVERT', reason, atom: 'a', output });
    expect(test.answered?.kind === 'refused' ? test.answered.message : '').toContain(words);
    expect(test.run.state).toBe('REVERT_FAILED');
  });

  it('at a settled doubt: an output that does not fit, or is too large, is refused', () => {
    const once = { type: 'once_text', version: 1, title: 'o', summary: 'o', icon: 'box', group: 'Test', repeatable: false } as const;
    const type = defineTask({
      ...once,
      ...{ input: z.looseObject({}), output: z.object({ text: z.string() }), effects: { kind: 'none' } },
      apply: async () => ({ text: '' }),
    });
    const test = new TestRun({ definition: flow(linear('f', [task('a', { type: 'once_text' })])), catalog: catalogOf([type]) }).claim();
    test.crash().claim();
    const settle = (output: { [name: string]: Json }) =>
      test.act({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'happened', output } });
    expect([settle({ text: 42 }).answered?.kind, settle({ text: huge }).answered?.kind]).toEqual(['refused', 'refused']);
    expect(settle({ text: 'there' }).answered?.kind).toBe('done');
    expect(test.run.state).toBe('SUCCESS');
  });
});

describe('signals (A7)', () => {
  const waits = (id: string) => task(id, { type: 'signalled' });
  const anything = z.looseObject({});
  const catalog = catalogOf([
    defineTask({
      ...{ type: 'signalled', version: 1, title: 's', summary: 's', icon: 'box', group: 'Test', input: anything, output: anything },
      ...{ effects: { kind: 'none' }, repeatable: true },
      apply: async () => ({}),
      waits: () => ({ on: 'signal', name: 'go', until: null, then: 'fail' }),
    }),
  ]);
  const three = () => new TestRun({ definition: flow(linear('f', [waits('a'), waits('b'), waits('c')])), catalog }).claim();
  const signal = (test: TestRun, data: Json) => test.act({ kind: 'SIGNAL', reason: '', name: 'go', data });

  it('one signal ends one wait, in the order of the signals', () => {
    const test = signal(three(), 1);
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'WAITING', c: 'PENDING' });
    signal(signal(test, 2), 3);
    expect(test.run.state).toBe('SUCCESS');
    expect(test.run.atoms.map(({ output }) => output)).toEqual([1, 2, 3].map((data) => ({ data, received: true })));
    expect(test.run.signals).toEqual([]);
  });

  it('in a loop each round has its own signal and the data of it, and one signal ends one round', () => {
    const use = task('use', { bindings: { data: { from: 'output', item: 'a', path: 'data' } } });
    const loop = flowItemSchema.parse({
      ...linear('l', [task('a', { type: 'listen' }), use]),
      pattern: 'loop',
      loop: { again: 'outputs.l.round < 2', limit: 9 },
    });
    const used: Json[] = [];
    const rounds = (before: Item[]) =>
      run(flow(linear('f', [...before, loop])), ({ kind, atom, input }) => {
        if (kind === 'apply' && atom.endsWith('use')) used.push(input);
        return undefined;
      }).claim();
    const test = signal(rounds([]), 1).answerNext();
    expect([used, test.states['l[1].a'], test.run.signals]).toEqual([[{ data: 1 }], 'WAITING', []]);
    for (const data of [2, 3]) signal(test, data).answerNext();
    expect([test.run.state, used]).toEqual(['SUCCESS', [1, 2, 3].map((data) => ({ data }))]);
    // Three that come before the first wait.
    used.length = 0;
    const early = rounds([task('first')]);
    for (const data of [1, 2, 3]) signal(early, data);
    expect([early.finish().run.state, used]).toEqual(['SUCCESS', [1, 2, 3].map((data) => ({ data }))]);
  });

  it('L1: an entry of an older version names no signal: replayed, its wait has ended and the signal is still kept', () => {
    const test = signal(three(), 1);
    const older = test.entries.map((entry): Entry => {
      if (entry.kind !== 'ATOM' || entry.data?.signal === undefined) return entry;
      const { signal: _, ...data } = entry.data;
      return { ...entry, data };
    });
    expect(older).not.toEqual(test.entries);
    const states = (entries: readonly Entry[]) => {
      const replayed = replay(emptyRun(test.flow), entries);
      return [replayed.atoms.map(({ state }) => state), replayed.signals.map(({ data }) => data)];
    };
    expect(states(test.entries)).toEqual([['SUCCESS', 'WAITING', 'PENDING'], []]);
    expect(states(older)).toEqual([['SUCCESS', 'WAITING', 'PENDING'], [1]]);
  });

  it('a signal that comes before its wait is kept, and one sent in a pause ends its wait during the pause', () => {
    const test = three();
    test.act({ kind: 'SUSPEND', reason: '' });
    signal(signal(test, 1), 2);
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'PENDING', c: 'PENDING' });
    test.act({ kind: 'RESUME', reason: '' });
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'SUCCESS', c: 'WAITING' });
  });

  it('after a rollback a wait needs a new signal', () => {
    const test = signal(three(), 1);
    test.act({ kind: 'CANCEL', reason: '', then: 'revert' });
    expect(test.run.state).toBe('REVERTED');
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
    expect(test.states).toEqual({ a: 'WAITING', b: 'PENDING', c: 'PENDING' });
  });

  it('waits for one name take signals in the order in which they began to wait', () => {
    const test = new TestRun({ definition: flow(unordered('f', [waits('a'), waits('b'), waits('c')])), catalog }).claim();
    expect(signal(test, 1).states).toEqual({ a: 'SUCCESS', b: 'WAITING', c: 'WAITING' });
  });

  it('50,000 waits that begin in one turn are each visited once', () => {
    const items = Array.from({ length: 50_000 }, (_, index) => waits(`t${index}`));
    const test = new TestRun({ definition: flow(unordered('f', items)), catalog, parallel: 1_000_000 }).claim();
    // A turn ends after so many entries, and the next one goes on.
    while (test.wakeAt !== null) test.passTime();
    expect([test.run.waiting, test.run.waiters.get('go')?.length]).toEqual([50_000, 50_000]);
  });
});

describe('a rollback that is stopped while a revert waits to be tried again (R11, I8)', () => {
  const stopped = () => {
    const script: Script = ({ kind, atom, revertAttempt }) =>
      kind === 'revert' && atom === 'b' && revertAttempt < 2 ? { fail: 'BROKEN' } : undefined;
    const items = [task('a'), task('b', { revertPolicy: { attempts: 3, delayMs: 5_000 } })];
    const test = run(flow(unordered('f', items)), script).go();
    test.act(confirm(test));
    while (test.pending.length > 0) test.answerNext();
    if (test.run.job === 'WAITING') test.crash();
    return test.act({ kind: 'SUSPEND', reason: '' });
  };

  it('calls no revert, after any act and at any later time', () => {
    const test = stopped();
    expect([test.run.state, test.states['b']]).toEqual(['SUSPENDED', 'REVERTING']);
    test.advance(60_000);
    test.act({ kind: 'SIGNAL', reason: '', name: 'x', data: null });
    expect([test.pending, test.run.state]).toEqual([[], 'SUSPENDED']);
  });

  it('goes on when it is resumed, with one call an attempt', () => {
    const test = stopped().advance(60_000).act({ kind: 'RESUME', reason: '' }).finish();
    expect(test.run.state).toBe('REVERTED');
    expect(test.calls.filter((call) => call === 'revert b')).toHaveLength(2);
  });

  it('is in the next plan, which tells that it was tried, and its attempts begin at 1', () => {
    const test = stopped();
    expect(planRollback(test.run, JOB).waves.flat()).toMatchObject([{ atom: 'b', action: 'revert', tried: true }]);
    const before = test.entries.length;
    test.advance(60_000).act(confirm(test)).finish();
    // The first attempt, the second one while it sleeps, and when it begins.
    const attempts = test.entries.slice(before).flatMap((entry) => (entry.kind === 'ATOM' ? [entry.data?.revertAttempt] : []));
    expect(attempts.filter((attempt) => attempt !== undefined)).toEqual([1, 2, 2]);
    expect(test.run.state).toBe('REVERTED');
  });

  it('is kept with that reason by a plan that leaves it out, and a later plan can include it again', () => {
    const items = [task('a'), task('b', { revertPolicy: { attempts: 3, delayMs: 5_000 } }), task('c')];
    const script: Script = ({ kind, atom, revertAttempt }) =>
      kind === 'revert' && atom === 'b' && revertAttempt < 2 ? { fail: 'BROKEN' } : undefined;
    const test = run(flow(unordered('f', items)), script).go();
    test.act(confirm(test, { kind: 'atoms', atoms: ['b'], leaveOut: [] }));
    while (test.pending.length > 0) test.answerNext();
    test.act({ kind: 'SUSPEND', reason: '' });
    test.act(confirm(test, { kind: 'atoms', atoms: ['a'], leaveOut: [] })).finish();
    expect([test.run.state, test.states['a'], test.run.atoms[atomIndex(1)]?.kept]).toEqual([
      'PARTIALLY_REVERTED',
      'REVERTED',
      'not part of the rollback',
    ]);
    expect(test.calls.filter((call) => call === 'revert b')).toHaveLength(1);
    test.act(confirm(test)).finish();
    expect(test.run.state).toBe('REVERTED');
  });
});

it('R3: a failed attempt that stands beside a partial rollback is undone before it begins anew', () => {
  const test = run(flow(unordered('f', [task('a'), task('b')]), { onFailure: 'hold' }), fails('b')).go();
  test.act(confirm(test, { kind: 'atoms', atoms: ['a'], leaveOut: [] })).finish();
  expect([test.run.state, test.states['b']]).toEqual(['PARTIALLY_REVERTED', 'FAILURE']);
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
  expect(test.calls.filter((call) => call.endsWith(' b'))).toEqual(['apply b', 'revert b', 'apply b']);
  expect(test.run.state).toBe('SUCCESS');
});

it('R11: a late answer of the revert of an earlier attempt does not count for the present attempt', () => {
  const test = run(flow(linear('f', [task('a')]))).go();
  test.act(confirm(test)).finish().act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
  test.act(confirm(test));
  expect(test.states['a']).toBe('REVERTING');
  test.send({ kind: 'REVERTED', atom: 'a', attempt: 1, revertAttempt: 1 });
  expect(test.states['a']).toBe('REVERTING');
  expect(test.finish().run.state).toBe('REVERTED');
});
