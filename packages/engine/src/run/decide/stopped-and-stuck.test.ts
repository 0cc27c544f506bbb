// A stopped call stays stopped, a failed revert is never forgotten, a draining conductor parks no job with ready atoms, and
// no signal is lost to a wait that is being undone.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, flowItemSchema, retrySchema, taskItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import type { RollbackChoice } from '../plan/rollback-choice.ts';
import { planRollback } from '../plan/plan-rollback.ts';

const run = (definition: FlowDefinition, script?: Script) =>
  new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}) });
const failing =
  (...calls: string[]): Script =>
  ({ kind, atom, attempt, revertAttempt }) =>
    calls.includes(`${kind} ${atom} ${kind === 'apply' ? attempt : revertAttempt}`) ? { fail: 'BROKEN' } : undefined;
const answer = (test: TestRun, atom: string) => test.answer(test.pending.findIndex(({ call }) => call.atom === atom));
const confirm = (test: TestRun, choice: RollbackChoice = { kind: 'job' }) =>
  test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
const atomOf = (test: TestRun, address: string) => test.run.atoms.find(({ atom }) => atom === address);

describe('a draining conductor (J5, J6)', () => {
  it('gives the job back if an atom is ready beside a wait, and does not park it', () => {
    const test = run(flow(unordered('f', [task('ask', { type: 'ask' }), linear('l', [task('a'), task('b')])]))).claim();
    test.limits = { parallel: 0 };
    expect([answer(test, 'a').run.job, test.states['b']]).toEqual(['CLAIMED', 'PENDING']);
  });

  it('does so in a rollback too', () => {
    const test = run(flow(unordered('f', [task('ask', { type: 'ask' }), task('a')])), failing('apply a 1')).claim();
    test.limits = { parallel: 0 };
    expect([answer(test, 'a').run.state, test.run.job]).toEqual(['REVERTING', 'CLAIMED']);
  });
});

describe('a call that was told to stop, after a takeover (A4, A5)', () => {
  const cancelled = (type: string, script?: Script) =>
    run(flow(linear('f', [task('a', { type })])), script)
      .claim()
      .act({ kind: 'CANCEL', reason: '', then: 'revert' })
      .crash()
      .claim();

  it('R5: is not called again in order to be undone: its attempt has failed, and its revert undoes it', () => {
    const test = cancelled('step');
    expect([test.pending.map(({ call }) => call.kind), test.aborted]).toEqual([['revert'], ['a']]);
    expect([test.finish().run.state, test.calls, atomOf(test, 'a')?.failure?.code]).toEqual(['REVERTED', ['revert a'], 'CONDUCTOR_LOST']);
  });

  it('does not begin again if its probe says that nothing happened', () => {
    const test = cancelled('probed', () => ({ happened: 'no' })).finish();
    expect([test.run.state, test.calls]).toEqual(['REVERTED', ['probe a']]);
  });
});

describe('a revert that went past its time limit (R11)', () => {
  it.each([1, 3])('is not called again when a person says that it happened, with %i attempts', (attempts) => {
    const item = taskItemSchema.parse({ ...task('a', { revertPolicy: { attempts, delayMs: 100 } }), timeLimitMs: 150 });
    const test = run(flow(linear('f', [item]))).go();
    confirm(test).passTime().passTime();
    test.act({ kind: 'SETTLE_DOUBT', reason: 'it is gone', atom: 'a', answer: { kind: 'happened', output: {} } }).finish();
    expect([test.run.state, test.calls, atomOf(test, 'a')?.byHand]).toEqual(['REVERTED', ['apply a'], true]);
  });

  const late = (attempts: number, script?: Script) => {
    const revertPolicy = { attempts, delayMs: 100 };
    const item = taskItemSchema.parse({ ...task('b', { revertPolicy }), timeLimitMs: 150 });
    return confirm(run(flow(linear('f', [task('a'), item])), script).go()).passTime();
  };

  it.each([1, 3])('R7: has undone the apply when its late answer is done, and is not called again, with %i attempts', (attempts) => {
    const test = late(attempts).answerNext();
    expect(test.story.slice(-3)).toEqual(['b ENDED', 'b REVERTED', 'a REVERTING']);
    expect([atomOf(test, 'b')?.note, test.run.stuck]).toEqual(['its revert was done after its time limit', 0]);
    test.finish();
    expect([test.run.state, test.calls.slice(2)]).toEqual(['REVERTED', ['revert b', 'revert a']]);
  });

  it('R7: is tried again when its late answer is a failure', () => {
    const test = late(2, failing('revert b 1')).finish();
    expect([test.run.state, test.calls.slice(2)]).toEqual(['REVERTED', ['revert b', 'revert b', 'revert a']]);
  });

  it('R7, R11: once its next attempt has begun, the answer of the attempt before is ignored', () => {
    const test = late(3).passTime();
    test.act({ kind: 'SETTLE_DOUBT', reason: 'ended it', atom: 'b', answer: { kind: 'failed' } });
    expect(test.pending.map(({ revertAttempt }) => revertAttempt)).toEqual([2]);
    const first = { kind: 'REVERTED', atom: 'b', attempt: 1, revertAttempt: 1 } as const;
    const before = test.entries.length;
    expect([test.send(first).states['b'], test.entries.length]).toEqual(['REVERTING', before]);
    // Nor is it taken for the second one, when that is ending.
    test.passTime();
    const ending = test.entries.length;
    expect([test.send(first).states['b'], test.entries.length]).toEqual(['REVERTING', ending]);
    test.answerNext();
    expect([test.states['b'], atomOf(test, 'b')?.revertAttempt]).toEqual(['REVERTED', 3]);
  });

  it('I8: has undone the apply even if a newer plan includes it, and that plan does not call it again', () => {
    const test = late(3).act({ kind: 'SUSPEND', reason: '' });
    expect([test.run.state, test.run.busy]).toEqual(['SUSPENDING', 1]);
    expect(planRollback(test.run, { kind: 'job' }).blocked).not.toBeNull();
    expect([test.answerNext().run.state, test.states['b']]).toEqual(['SUSPENDED', 'REVERTED']);
  });
});

describe('a person settles a call that has passed its time limit (B7, S4)', () => {
  const settle = { kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a' } as const;

  it('is refused with an output, which its revert would not get, and accepted without one', () => {
    const item = taskItemSchema.parse({ ...task('a'), timeLimitMs: 150 });
    const test = run(flow(linear('f', [item])))
      .claim()
      .passTime()
      .passTime();
    test.act({ ...settle, answer: { kind: 'happened', output: { id: 'i-1' } } });
    expect(test.answered).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED' });
    test.act({ ...settle, answer: { kind: 'happened', output: {} } });
    expect([test.answered?.kind, test.finish().run.state]).toEqual(['done', 'REVERTED']);
  });

  it('is refused with an output if a revert is in doubt', () => {
    const test = confirm(run(flow(linear('f', [task('a', { type: 'reverts_once' })]))).go())
      .crash()
      .claim();
    expect(atomOf(test, 'a')?.inDoubt).not.toBeNull();
    test.act({ ...settle, answer: { kind: 'happened', output: { id: 'i-1' } } });
    expect(test.answered).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED' });
    test.act({ ...settle, answer: { kind: 'happened', output: {} } });
    expect([test.answered?.kind, test.finish().run.state]).toEqual(['done', 'REVERTED']);
  });
});

it('R7, R11: a revert that has failed by its time limit is not called again before its last call has ended', () => {
  const item = taskItemSchema.parse({ ...task('a'), timeLimitMs: 150 });
  const test = confirm(run(flow(linear('f', [item]))).go()).passTime();
  expect(test.states['a']).toBe('REVERT_FAILURE');
  for (const kind of ['RETRY_REVERT', 'MARK_REVERTED', 'KEEP'] as const) {
    expect(test.act({ kind, reason: 'now', atom: 'a' }).answered).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED' });
  }
  expect(test.pending.map(({ call }) => call.kind)).toEqual(['revert']);
});

describe('the limit of calls at once', () => {
  const names = ['a', 'b', 'c', 'd'];
  const revertPolicy = { attempts: 2, delayMs: 100 };

  it('holds for reverts that are due after their back-off, and each begins when another call has ended', () => {
    const items = names.map((name) => task(name, { revertPolicy }));
    const test = run(flow(unordered('f', items)), failing(...names.map((name) => `revert ${name} 1`))).go();
    test.limits = { parallel: 2 };
    confirm(test);
    while (names.some((name) => atomOf(test, name)?.notBefore === 0)) test.answerNext();
    test.advance(10_000).send({ kind: 'DUE' });
    expect(test.pending.map(({ revertAttempt }) => revertAttempt)).toEqual([2, 2]);
    // A call that waits for memory needs no timer: the end of another call asks for the next turn.
    expect(test.wakeAt).toBeNull();
    expect([test.answerNext().pending.length, test.answerNext().pending.length]).toEqual([2, 2]);
    expect(test.finish().run.state).toBe('REVERTED');
  });

  it('does not park a job that waits only because of the limit', () => {
    const test = run(flow(linear('f', [task('a', { revertPolicy })])), failing('revert a 1')).go();
    confirm(test).answerNext();
    test.limits = { parallel: 0 };
    test.advance(10_000).send({ kind: 'DUE' });
    expect([test.run.job, test.pending]).toEqual(['CLAIMED', []]);
  });

  it('A4: does not count a call that is in doubt', () => {
    const test = run(flow(unordered('f', [task('a', { type: 'once' }), task('b')])));
    test.limits = { parallel: 1 };
    test.claim().crash().claim();
    expect([atomOf(test, 'a')?.inDoubt === null, test.pending.map(({ call }) => call.atom)]).toEqual([false, ['b']]);
  });
});

it('B7: a second cancel that holds, while the first one waits, is refused', () => {
  const hold = { kind: 'CANCEL', reason: '', then: 'hold' } as const;
  const test = run(flow(linear('f', [task('a')])))
    .claim()
    .act(hold)
    .act(hold);
  expect(test.answered?.kind).toBe('refused');
  expect(test.act({ ...hold, then: 'revert' }).answered?.kind).toBe('done');
});

describe('a revert that failed (R7, T1, I3)', () => {
  it('is settled first when the failed task is retried', () => {
    const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 3 } });
    const box = flowItemSchema.parse({ ...linear('box', [task('y'), task('x')]), retry });
    const script = failing('apply x 1', 'apply b 1', 'revert y 1');
    const test = run(flow(unordered('f', [box, task('b')]), { onFailure: 'hold' }), script).claim();
    for (const atom of ['y', 'x', 'x', 'y']) answer(test, atom);
    test.act({ kind: 'CANCEL', reason: '', then: 'hold' }).answerNext();
    expect([test.run.state, test.states['y']]).toEqual(['FAILURE', 'REVERT_FAILURE']);
    test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).finish();
    expect([test.run.state, test.run.standing.map(({ atom }) => atom)]).toEqual(['REVERT_FAILED', ['y']]);
    test.act({ kind: 'MARK_REVERTED', reason: 'by hand', atom: 'y' }).finish();
    expect([test.run.state, test.run.standing]).toEqual(['SUCCESS', []]);
  });

  it('T1: after apply again nothing of the former rollback is listed as left, except what an earlier attempt left', () => {
    const test = run(
      flow(linear('f', [task('mail', { type: 'send' }), task('a'), task('post', { type: 'send' })])),
      failing('apply post 1'),
    );
    test.go();
    expect([test.run.state, test.run.standing.map(({ atom }) => atom)]).toEqual(['PARTIALLY_REVERTED', ['mail', 'post']]);
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
    const earlier = [{ atom: 'post (attempt 1)', because: expect.any(String) }];
    expect([test.run.state, test.run.standing]).toEqual(['RUNNING', earlier]);
    test.finish();
    expect([test.run.state, test.run.standing]).toEqual(['SUCCESS', earlier]);
  });

  const paused = () => {
    const test = run(flow(unordered('f', [task('a'), linear('l', [task('c'), task('d')])])), failing('revert a 1')).go();
    answer(confirm(test), 'a').act({ kind: 'SUSPEND', reason: '' });
    while (test.pending.length > 0) test.answerNext();
    expect([test.run.state, test.states['a']]).toEqual(['SUSPENDED', 'REVERT_FAILURE']);
    return test;
  };

  it('I8: is tried again by a newer plan that names it, and the plan says that it failed before', () => {
    const test = paused();
    const planned = planRollback(test.run, { kind: 'job' }).waves.flat();
    expect(planned.map(({ atom, tried }) => [atom, tried === true]).sort()).toEqual([
      ['a', true],
      ['c', false],
    ]);
    expect(
      confirm(test)
        .pending.map(({ call }) => `${call.kind} ${call.atom}`)
        .sort(),
    ).toEqual(['revert a', 'revert c']);
    expect(test.run.stuck).toBe(0);
    test.finish();
    expect([test.run.state, test.calls.filter((call) => call === 'revert a').length, test.run.stuck]).toEqual(['REVERT_FAILED', 2, 1]);
  });

  it('is kept, with that reason, by a newer plan without it, and stays listed after applying again', () => {
    const test = confirm(paused(), { kind: 'atoms', atoms: ['c'], leaveOut: [] }).finish();
    expect([test.run.state, atomOf(test, 'a')?.kept]).toEqual(['PARTIALLY_REVERTED', 'not part of the rollback']);
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
    expect(test.run.keptBefore).toEqual([{ atom: 'a (attempt 1)', because: 'not part of the rollback' }]);
  });
});

describe('signals (A7)', () => {
  it('are not taken by a wait that a retry is undoing, but by the one that begins after it', () => {
    const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } });
    const box = flowItemSchema.parse({
      ...unordered('box', [linear('l', [task('s', { type: 'pure' }), task('listen', { type: 'listen' })]), task('x')]),
      retry,
    });
    const test = run(flow(linear('f', [box])), failing('apply x 1'));
    test.limits = { parallel: 1 };
    answer(answer(test.claim(), 's'), 'x');
    test.act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 });
    expect([test.states['x'], test.states['listen']]).toEqual(['REVERTING', 'WAITING']);
    while (test.pending.length > 0) test.answerNext();
    expect([test.run.state, atomOf(test, 'listen')?.output]).toEqual(['SUCCESS', { data: 1, received: true }]);
  });

  it('are taken by the wait that has lasted longest, and a wait that a retry began again is a new one', () => {
    const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } });
    const box = flowItemSchema.parse({ ...unordered('box', [task('early', { type: 'listen' }), task('x')]), retry });
    const test = run(flow(unordered('f', [box, task('late', { type: 'listen' })])), failing('apply x 1')).claim();
    expect([test.states['early'], test.states['late']]).toEqual(['WAITING', 'WAITING']);
    while (test.states['x'] !== 'SUCCESS') test.answerNext();
    test.act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 });
    expect([test.states['early'], test.states['late'], atomOf(test, 'early')?.attempt]).toEqual(['WAITING', 'SUCCESS', 2]);
  });

  it('that are kept are taken in the order in which they came', () => {
    const test = run(flow(linear('f', [task('s'), task('listen', { type: 'listen' })]))).claim();
    for (const data of [1, 2]) test.act({ kind: 'SIGNAL', reason: '', name: 'go', data });
    test.answerNext();
    expect([atomOf(test, 'listen')?.output, test.run.signals.map(({ data }) => data)]).toEqual([{ data: 1, received: true }, [2]]);
  });

  it('that come while the failed task is undone are taken when the run goes on', () => {
    const definition = flow(unordered('f', [task('listen', { type: 'listen' }), task('a')]), { onFailure: 'hold' });
    const test = run(definition, failing('apply a 1')).claim().answerNext();
    test.act({ kind: 'RETRY_FAILED', reason: '', parameters: {} }).act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 });
    expect([test.run.state, test.states['listen']]).toEqual(['REVERTING', 'WAITING']);
    answer(test, 'a');
    expect([test.run.state, atomOf(test, 'listen')?.output]).toEqual(['RUNNING', { data: 1, received: true }]);
  });

  it('that come while a rollback of other tasks is paused are kept until the run goes forward', () => {
    const test = run(flow(unordered('f', [task('a'), task('listen', { type: 'listen' })]))).claim();
    test.answerNext().act({ kind: 'SUSPEND', reason: '' });
    const choice = { kind: 'atoms' as const, atoms: ['a'], leaveOut: [] };
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
    test.act({ kind: 'SUSPEND', reason: '' }).act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 });
    expect([test.run.resumeTo, test.states['listen'], test.run.signals.length]).toEqual(['REVERTING', 'WAITING', 1]);
  });

  it('that are kept are taken at once by a task that begins to wait in its apply', () => {
    const test = run(flow(linear('f', [task('a')])))
      .claim()
      .act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 });
    const waiting = { on: 'signal', name: 'go', until: null, then: 'fail' } as const;
    expect(test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting }).states).toEqual({ a: 'SUCCESS' });
  });
});
