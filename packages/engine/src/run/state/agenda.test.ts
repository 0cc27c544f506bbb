// Due times are served whenever the run may act, even if wake-ups come early, twice, or not at all.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type TaskItem, flowItemSchema, retrySchema, taskItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { atomIndex } from '../graph/index-spaces.ts';

const run = (definition: FlowDefinition, script?: Script) =>
  new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}) });
const limited = (id: string, timeLimitMs: number, more: object = {}): TaskItem =>
  taskItemSchema.parse({ ...task(id), timeLimitMs, ...more });
const retried = (id: string, policy: object): TaskItem =>
  taskItemSchema.parse({
    ...task(id),
    retry: retrySchema.parse({ id: `${id}_retry`, strategy: { kind: 'times', attempts: 3 }, ...policy }),
  });
const failing =
  (...codes: string[]): Script =>
  ({ kind, atom, attempt }) =>
    kind === 'apply' && codes.includes(`${atom} ${attempt}`) ? { fail: 'BROKEN' } : undefined;
/** A turn without anything due. */
const early = (test: TestRun) => test.send({ kind: 'DUE' });
const starts = (test: TestRun, atom: string) =>
  test.entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.atom === atom && entry.to === 'RUNNING' ? [entry.time] : []));

describe('a wake-up that comes early, or twice', () => {
  it.each<[string, FlowDefinition, Script]>([
    ['of a retry', flow(linear('f', [retried('a', { delayMs: 300 })])), failing('a 1')],
    [
      'of a revert that failed',
      flow(linear('f', [task('a', { revertPolicy: { attempts: 3, delayMs: 500 } }), task('b')])),
      ({ kind, atom, revertAttempt }) =>
        (kind === 'apply' && atom === 'b') || (kind === 'revert' && atom === 'a' && revertAttempt < 3) ? { fail: 'BROKEN' } : undefined,
    ],
    ['of a wait', flow(linear('f', [task('a', { type: 'pause' }), task('b')])), () => undefined],
    [
      'of a wait in a loop',
      flow(
        linear('f', [
          flowItemSchema.parse({
            ...linear('l', [task('a', { type: 'pause' })]),
            pattern: 'loop',
            loop: { again: 'outputs.l.round < 2', limit: 9 },
          }),
        ]),
      ),
      () => undefined,
    ],
    ['of a deadline', flow(linear('f', [task('a', { type: 'pause' }), task('b')]), { timeLimitMs: 1_000 }), () => undefined],
  ])('A5, J6: %s loses nothing', (_, definition, script) => {
    const test = run(definition, script).claim();
    for (let turn = 0; turn < 40; turn += 1) {
      early(early(test));
      if (test.pending.length > 0) test.answerNext();
      else if (test.wakeAt !== null) early(test.passTime());
      else if (test.run.job === 'WAITING' && test.run.wakeAt !== null) test.wake();
    }
    expect(['SUCCESS', 'REVERTED']).toContain(test.run.state);
    expect(test.run.job).toBe('COMPLETE');
  });

  it('A5: before a time limit keeps the limit, which ends the call once', () => {
    const test = early(run(flow(linear('f', [limited('a', 1_500)]))).claim());
    expect(test.states['a']).toBe('RUNNING');
    test.passTime();
    early(test);
    expect([test.states['a'], test.aborted]).toEqual(['FAILURE', ['a']]);
  });
});

describe('a clock that is set back', () => {
  it('P9: a task that waits for another job asks again after as long as it said, and not at once', () => {
    const test = run(flow(linear('f', [task('a', { type: 'launch' })]))).claim();
    const before = test.run.lastTime;
    test.advance(-40_000);
    const until = before - 40_000 + 30_000;
    test.send({ kind: 'POSTED', atom: 'a', attempt: 1, waiting: { on: 'job', job: 'j', until, output: null } });
    expect([test.states['a'], test.run.job]).toEqual(['WAITING', 'WAITING']);
    expect(Math.abs((test.run.wakeAt ?? 0) - before - 30_000)).toBeLessThan(10);
    const times = test.entries.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a parked job', () => {
  const parked = () => run(flow(linear('f', [task('a', { type: 'pause' })]))).claim();
  const offer = (test: TestRun, isDue?: true) => test.send({ kind: 'CLAIMED', from: 'WAITING', ...(isDue ? { isDue } : {}) });

  it('J6: that is woken before its time is parked again at once, so that it takes no room from other jobs', () => {
    const test = parked();
    const until = test.run.wakeAt;
    expect([offer(test).run.job, test.run.wakeAt]).toEqual(['WAITING', until]);
  });

  const listening = () => run(flow(linear('f', [task('w', { type: 'listen' })]))).claim();

  it('J6: that is woken long before its time is parked for 10 s, because the clock of this conductor may be behind', () => {
    const test = listening();
    const { run: before } = offer(test);
    expect([before.job, before.wakeAt]).toEqual(['WAITING', before.lastTime + 10_000]);
  });

  it('J6: that is claimed for an act, which is refused, is parked until its time', () => {
    const test = listening();
    const until = test.run.wakeAt;
    test.act({ kind: 'RESUME', reason: '' });
    expect([test.answered?.kind, test.run.job, test.run.wakeAt]).toEqual(['refused', 'WAITING', until]);
  });

  it('J6: that the board offers as due goes on, although the clock of the conductor is behind', () => {
    const test = parked();
    const until = test.run.wakeAt;
    test.advance(-3_600_000);
    expect(offer(test, true).run.state).toBe('SUCCESS');
    expect(test.run.lastTime).toBe(until);
  });
});

describe('limits hold in full again in every pass (B7)', () => {
  it('A5: in an attempt that a takeover repeats, from the takeover', () => {
    const test = run(flow(linear('f', [limited('a', 1_500)]))).claim();
    test.crash().claim();
    const [, again = 0] = starts(test, 'a');
    expect(test.wakeAt).toBe(again + 1_500);
    test.passTime();
    expect(test.run.atoms[atomIndex(0)]?.failure?.code).toBe('TIMEOUT');
  });

  it('A4: while a takeover asks a probe that does not answer', () => {
    const test = run(flow(linear('f', [limited('a', 1_500, { type: 'probed' })]))).claim();
    test.crash().claim();
    expect(test.pending.map(({ call }) => call.kind)).toEqual(['probe']);
    test.passTime();
    expect(test.run.atoms[atomIndex(0)]?.failure?.code).toBe('TIMEOUT');
  });

  it('R7: in a revert that a takeover repeats', () => {
    const test = run(flow(linear('f', [limited('a', 1_500), task('b')])), failing('b 1'))
      .claim()
      .answerNext()
      .answerNext()
      .answerNext();
    expect(test.states['a']).toBe('REVERTING');
    test.crash().claim();
    expect(test.wakeAt).not.toBeNull();
    test.passTime();
    expect(test.run.atoms[atomIndex(0)]?.revertFailure?.code).toBe('TIMEOUT');
  });

  it.each(['RETRY_FAILED', 'SKIP_FAILED'] as const)('A5: the deadline, after %s', (kind) => {
    const definition = flow(linear('f', [task('a'), task('b')]), { onFailure: 'hold', timeLimitMs: 60_000 });
    const test = run(definition, failing('a 1')).claim().finish();
    const act = kind === 'RETRY_FAILED' ? { kind, reason: '', parameters: {} } : { kind, reason: 'by hand', atom: 'a', output: {} };
    test.act(act);
    while (test.pending[0] !== undefined && !(test.pending[0].call.kind === 'apply')) test.answerNext();
    expect(test.wakeAt).toBe((test.run.runningSince ?? 0) + 60_000);
    test.passTime();
    expect([test.run.forward?.kind, test.run.state]).toEqual(['overdue', 'SUSPENDING']);
    expect(test.finish().run.state).toBe('FAILURE');
  });

  it('A5: paused time counts for the deadline, which is missed as soon as the run goes on', () => {
    const test = run(flow(linear('f', [task('a'), task('b')]), { timeLimitMs: 60_000 })).claim();
    test.act({ kind: 'SUSPEND', reason: '' }).answerNext();
    expect([test.run.state, test.run.job]).toEqual(['SUSPENDED', 'WAITING']);
    test.advance(60_000).act({ kind: 'RESUME', reason: '' });
    expect([test.run.forward?.kind, test.finish().run.state, test.calls]).toEqual(['overdue', 'REVERTED', ['apply a', 'revert a']]);
  });

  it('A5: the deadline, after applying again', () => {
    const test = run(flow(linear('f', [task('a')]), { timeLimitMs: 60_000 })).go();
    const choice = { kind: 'job' } as const;
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash }).finish();
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
    expect(test.wakeAt).toBe((test.run.runningSince ?? 0) + 60_000);
  });
});

describe('a run at rest', () => {
  it.each(['RETRY_FAILED', 'SKIP_FAILED'] as const)(
    'R10: keeps the delay of a retry that passes while it holds, and goes on after %s',
    (kind) => {
      const box = flowItemSchema.parse({
        ...linear('box', [task('x')]),
        retry: retrySchema.parse({ id: 'box_retry', strategy: { kind: 'times', attempts: 3 }, delayMs: 2_500 }),
      });
      const test = run(flow(unordered('f', [box, task('b')]), { onFailure: 'hold' }), failing('x 1', 'b 1')).claim();
      test.answerNext().answerNext();
      while (test.pending.length > 0) test.answerNext();
      expect([test.run.state, test.run.job]).toEqual(['FAILURE', 'WAITING']);
      test.advance(10_000);
      test
        .act(kind === 'RETRY_FAILED' ? { kind, reason: '', parameters: {} } : { kind, reason: 'by hand', atom: 'b', output: {} })
        .finish();
      expect([test.run.state, test.run.job]).toEqual(['SUCCESS', 'COMPLETE']);
      expect(starts(test, 'x')).toHaveLength(2);
    },
  );

  it('A4, A5: stays under attention when an atom is in doubt at the deadline', () => {
    const test = run(flow(linear('f', [task('a', { type: 'once' })]), { onFailure: 'hold', timeLimitMs: 60_000 })).claim();
    test.crash().claim();
    expect([test.run.job, test.run.attention]).toEqual(['WAITING', 'in_doubt']);
    test.wake();
    expect([test.run.job, test.run.attention, test.wakeAt]).toEqual(['WAITING', 'in_doubt', null]);
    test.act({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'failed' } }).finish();
    expect([test.run.state, test.run.forward?.kind]).toEqual(['FAILURE', 'overdue']);
  });
});

describe('a retry with a time limit (R1)', () => {
  it.each([5_000, 30_000])('begins no attempt after %i ms, with a growing delay', (timeLimitMs) => {
    const strategy = { kind: 'times', attempts: 10 };
    const item = retried('a', { strategy, delayMs: 1_000, backoff: 10, timeLimitMs });
    const test = run(flow(linear('f', [item])), ({ kind }) => (kind === 'apply' ? { fail: 'BROKEN' } : undefined)).go();
    const [first = 0, ...more] = starts(test, 'a');
    for (const time of more) expect(time - first).toBeLessThanOrEqual(timeLimitMs);
    expect(test.run.state).toBe('REVERTED');
  });

  it('begins no attempt if a pause took longer', () => {
    const test = run(flow(linear('f', [retried('a', { delayMs: 2_000, timeLimitMs: 5_000 })])), failing('a 1', 'a 2')).claim();
    test.answerNext().answerNext();
    test.act({ kind: 'SUSPEND', reason: '' });
    test.advance(60_000);
    test.act({ kind: 'RESUME', reason: '' }).finish();
    expect(starts(test, 'a')).toHaveLength(1);
    expect(test.run.forward).toMatchObject({ kind: 'failed', failure: { code: 'RETRY_TIME_LIMIT' } });
  });
});

describe('a call that was told to stop (R11)', () => {
  const stuck = () => run(flow(linear('f', [limited('a', 150)]))).claim();

  it('is waited for, and then its revert is called once', () => {
    const test = stuck();
    const [call] = test.pending;
    test.passTime();
    expect([test.states['a'], test.run.state, test.run.job, test.pending]).toEqual(['FAILURE', 'REVERTING', 'CLAIMED', [call]]);
    test.answerNext();
    expect(test.pending.map(({ call: { kind } }) => kind)).toEqual(['revert']);
    expect(test.finish().run.state).toBe('REVERTED');
    expect(test.calls).toEqual(['apply a', 'revert a']);
    expect(test.story).toEqual([
      'run RUNNING',
      'a RUNNING',
      'a FAILURE',
      'run REVERTING',
      'a ENDED',
      'a REVERTING',
      'a REVERTED',
      'run REVERTED',
    ]);
  });

  it('is waited for before a retry begins again, whose time limit counts from its own call', () => {
    const test = run(
      flow(
        linear(
          'f',
          [retried('a', { delayMs: 0 })].map((item) => ({ ...item, timeLimitMs: 150 })),
        ),
      ),
    ).claim();
    test.passTime().advance(700);
    expect([test.states['a'], test.pending.length]).toEqual(['FAILURE', 1]);
    test.answerNext();
    expect(test.pending.map(({ call: { kind, attempt } }) => [kind, attempt])).toEqual([['revert', 1]]);
    test.advance(5_000).answerNext();
    expect(test.pending.map(({ call: { kind, attempt } }) => [kind, attempt])).toEqual([['apply', 2]]);
    expect(test.wakeAt).toBe(test.run.lastTime + 150);
    expect([test.finish().run.state, test.calls]).toEqual(['SUCCESS', ['apply a', 'revert a', 'apply a']]);
  });

  it('is in doubt after 30 s, under attention while it is awaited, and the run goes on when it ends', () => {
    const test = stuck();
    test.passTime().passTime();
    expect([test.run.overdue, test.run.job, test.wakeAt]).toEqual([1, 'CLAIMED', null]);
    test.answerNext();
    expect([test.run.overdue, test.finish().run.state]).toEqual([0, 'REVERTED']);
  });

  it('A4: is settled by a person, and its late answer is ignored', () => {
    const test = stuck();
    test.passTime().passTime();
    test.act({ kind: 'SETTLE_DOUBT', reason: 'ended it', atom: 'a', answer: { kind: 'repeat' } });
    expect(test.answered).toMatchObject({ kind: 'refused' });
    test.act({ kind: 'SETTLE_DOUBT', reason: 'ended it', atom: 'a', answer: { kind: 'failed' } });
    expect(test.pending.map(({ call: { kind } }) => kind)).toEqual(['revert']);
    test.send({ kind: 'APPLIED', atom: 'a', attempt: 1, output: {} });
    expect(test.finish().run.state).toBe('REVERTED');
  });

  it('A4: has ended with its process', () => {
    const test = stuck();
    test.passTime();
    test.crash().claim();
    expect(test.finish().run.state).toBe('REVERTED');
  });

  it('A5: is aborted by a cancel, awaited, and in doubt after 30 s', () => {
    const test = run(flow(linear('f', [task('a')]))).claim();
    test.act({ kind: 'CANCEL', reason: '', then: 'hold' }).passTime();
    expect([test.run.state, test.run.overdue, test.run.job]).toEqual(['SUSPENDING', 1, 'CLAIMED']);
    expect(test.answerNext().run.state).toBe('FAILURE');
  });

  it('R7: a revert begins its next attempt when the one before has ended, and its time limit counts from there', () => {
    const item = limited('a', 150, { revertPolicy: { attempts: 2, delayMs: 0 } });
    const script: Script = (call) =>
      call.kind === 'revert' && call.atom === 'a' && call.revertAttempt === 1 ? { fail: 'ABORTED' } : failing('b 1')(call);
    const test = run(flow(linear('f', [item, task('b')])), script)
      .claim()
      .answerNext()
      .answerNext()
      .answerNext();
    test.passTime();
    expect([test.states['a'], test.pending.length]).toEqual(['REVERTING', 1]);
    test.advance(5_000).answerNext();
    const [next] = test.pending;
    expect(next?.revertAttempt).toBe(2);
    expect(test.wakeAt).toBe((test.run.atoms[atomIndex(0)]?.calledAt ?? 0) + 150);
    expect(test.finish().run.state).toBe('REVERTED');
  });
});

describe('a revert that fails twice under the default policy (R7, R11)', () => {
  const whole = { kind: 'job' } as const;
  const between: Record<string, (test: TestRun) => unknown> = {
    'without anything between': () => null,
    'with a crash in each back-off': (test) => test.crash().claim(),
    'with a pause in each back-off': (test) => test.act({ kind: 'SUSPEND', reason: '' }).act({ kind: 'RESUME', reason: '' }),
    'with early wake-ups in each back-off': (test) => early(early(test)),
  };

  it.each(Object.entries(between))('is called once an attempt, %s', (_, meanwhile) => {
    const item = taskItemSchema.parse({ kind: 'task', id: 'a', name: 'a', type: 'step' });
    const called: number[] = [];
    const test = run(flow(linear('f', [item])), ({ kind, revertAttempt }) => {
      if (kind === 'revert') called.push(revertAttempt);
      return kind === 'revert' && revertAttempt < 3 ? { fail: 'BROKEN' } : undefined;
    }).go();
    test.act({ kind: 'ROLL_BACK', reason: '', choice: whole, hash: planRollback(test.run, whole).hash });
    for (let attempt = 1; attempt < 3; attempt += 1) {
      test.answerNext();
      meanwhile(test);
      expect(test.pending).toEqual([]);
      test.passTime();
    }
    expect([test.finish().run.state, called]).toEqual(['REVERTED', [1, 2, 3]]);
  });
});

it('A5: the times of calls that have ended do not gather beside a call that goes on', () => {
  const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 500 } });
  const items = [limited('long', 3_600_000), limited('a', 7_200_000, { retry })];
  const script: Script = ({ kind, attempt }) => (kind === 'apply' && attempt < 400 ? { fail: 'BROKEN' } : undefined);
  const test = run(flow(unordered('f', items)), script).claim();
  let most = 0;
  while (test.pending.length > 1) most = Math.max(most, test.answer(1).run.agenda.limit.length);
  expect([test.states['a'], test.states['long'], test.calls.length]).toEqual(['SUCCESS', 'RUNNING', 400 + 399]);
  expect(most).toBeLessThan(100);
});
