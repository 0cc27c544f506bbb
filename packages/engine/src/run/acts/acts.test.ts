import { describe, expect, it } from 'vitest';
import type { FlowDefinition } from '../../definition/schema.ts';
import type { Json } from '../../json.ts';
import { fakeCatalog, flow, graph, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import type { RollbackChoice } from '../plan/rollback-choice.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { refusalOf } from './refuse.ts';
import { atomIndex } from '../graph/index-spaces.ts';

function run(definition: FlowDefinition, script?: Script): TestRun {
  return new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}) });
}
const diamond = () => graph('f', [task('a'), task('b'), task('c'), task('d')], ['a>b', 'a>c', 'b>d', 'c>d']);
const rollBack = (test: TestRun, choice: RollbackChoice) =>
  test.act({ kind: 'ROLL_BACK', reason: 'test', choice, hash: planRollback(test.run, choice).hash }).finish();

describe('rolling back by hand', () => {
  it('B1: undoes a whole job that has succeeded', () => {
    const test = rollBack(run(flow(diamond())).go(), { kind: 'job' });
    expect(test.run.state).toBe('REVERTED');
    expect(test.run.forward).toEqual({ kind: 'succeeded' });
    expect(test.run.rollback?.by).toBe('ana');
    expect(test.run.job).toBe('COMPLETE');
  });

  it('B1: chosen atoms include their dependants, and no other atom', () => {
    const test = rollBack(run(flow(diamond())).go(), { kind: 'atoms', atoms: ['b'], leaveOut: [] });
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'REVERTED', c: 'SUCCESS', d: 'REVERTED' });
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
    expect(test.calls.slice(-2)).toEqual(['revert d', 'revert b']);
  });

  it('B1: a dependant left out needs a reason and is listed', () => {
    const test = rollBack(run(flow(diamond())).go(), { kind: 'atoms', atoms: ['b'], leaveOut: [{ atom: 'd', reason: 'checked' }] });
    expect(test.states).toMatchObject({ b: 'REVERTED', d: 'SUCCESS' });
    expect(test.run.standing).toContainEqual({ atom: 'd', because: 'checked' });
  });

  it('B1: undoes back to a point in the logbook', () => {
    const test = run(flow(linear('f', [task('a'), task('b'), task('c')]))).go();
    const point = test.entries.find((entry) => entry.kind === 'ATOM' && entry.atom === 'a' && entry.to === 'SUCCESS');
    rollBack(test, { kind: 'toEntry', number: point?.number ?? 0 });
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'REVERTED', c: 'REVERTED' });
  });

  it('B2: the plan shows waves, saved outputs, and which effects are kept and why', () => {
    const g = graph(
      'f',
      [task('a'), task('mail', { type: 'send' }), task('look', { type: 'pure' }), task('d')],
      ['a>mail', 'a>look', 'mail>d', 'look>d'],
    );
    const test = run(flow(g), ({ atom }) => ({ output: { of: atom } })).go();
    const plan = planRollback(test.run, { kind: 'job' });
    expect(plan.waves.map((wave) => wave.map(({ atom, action }) => `${action} ${atom}`))).toEqual([
      ['revert d'],
      ['nothing look', 'keep mail'],
      ['revert a'],
    ]);
    expect(plan.waves[0]?.[0]?.output).toEqual({ of: 'd' });
    expect([plan.reverts, plan.kept]).toEqual([2, 1]);
  });

  it('B2: a plan is refused when an entry was added since', () => {
    const test = run(flow(diamond())).go();
    const plan = planRollback(test.run, { kind: 'job' });
    rollBack(test, { kind: 'atoms', atoms: ['d'], leaveOut: [] });
    expect(refusalOf(test.run, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash })).toMatchObject({
      code: 'PLAN_CHANGED',
    });
  });

  it('B2: a plan is refused when an entry was added since, even one that leaves every task as it is', () => {
    const test = run(flow(linear('f', [task('a'), task('ask', { type: 'ask' })]))).go();
    test.act({ kind: 'SUSPEND', reason: '' }).finish();
    const { hash, ...plan } = planRollback(test.run, { kind: 'job' });
    test.act({ kind: 'SIGNAL', reason: '', name: 'other', data: null });
    expect(planRollback(test.run, { kind: 'job' })).toMatchObject({ waves: plan.waves, standing: plan.standing });
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash });
    expect([test.answered, test.run.state]).toMatchObject([{ kind: 'refused', code: 'PLAN_CHANGED' }, 'SUSPENDED']);
  });

  it('B3: exactly the planned reverts are carried out, in an order that the plan allows', () => {
    const test = run(flow(diamond())).go();
    const plan = planRollback(test.run, { kind: 'job' });
    rollBack(test, { kind: 'job' });
    const done = test.calls.slice(4).map((call) => call.replace('revert ', ''));
    expect(done).toEqual(plan.waves.flat().map(({ atom }) => atom));
  });

  it('B4: a running job must be paused first', () => {
    const test = run(flow(diamond())).claim();
    expect(planRollback(test.run, { kind: 'job' }).blocked).toContain('Pause it first');
    test.act({ kind: 'SUSPEND', reason: '' }).finish();
    expect(test.run.state).toBe('SUSPENDED');
    expect(rollBack(test, { kind: 'job' }).states).toEqual({ a: 'REVERTED', b: 'PENDING', c: 'PENDING', d: 'PENDING' });
  });

  it('B5: applying again gives a new attempt to reverted atoms, and keeps those that stand', () => {
    const test = rollBack(run(flow(diamond())).go(), { kind: 'atoms', atoms: ['b'], leaveOut: [] });
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.run.atoms.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2]);
    expect(test.calls.slice(-2)).toEqual(['apply b', 'apply d']);
  });

  it('B5: applying again uses edited parameters, only for their tasks', () => {
    const test = rollBack(run(flow(linear('f', [task('a'), task('b')]))).go(), { kind: 'atoms', atoms: ['a'], leaveOut: [] });
    expect(refusalOf(test.run, { kind: 'APPLY_AGAIN', reason: '', parameters: { zz: {} } })?.message).toContain('no task "zz"');
    test.act({ kind: 'APPLY_AGAIN', reason: 'more room', parameters: { b: { size: 2 } } }).finish();
    expect(test.run.atoms.map(({ input }) => input)).toEqual([{}, { size: 2 }]);
  });
});

describe('a saved output that is edited before the rollback', () => {
  const made = () => run(flow(linear('f', [task('a'), task('b', { type: 'mendable' })])), () => ({ output: { id: 'old' } })).go();
  const confirm = (test: TestRun, outputs: { [atom: string]: { id: Json } }, reason = 'it was renamed') => {
    const choice = { kind: 'job' } as const;
    return { kind: 'ROLL_BACK', reason, choice, hash: planRollback(test.run, choice).hash, outputs } as const;
  };

  it('B2: the revert gets the edited output, and the logbook has both', () => {
    const test = made();
    expect(
      planRollback(test.run, { kind: 'job' })
        .waves.flat()
        .map(({ editable }) => editable),
    ).toEqual([true, false]);
    test.act(confirm(test, { b: { id: 'new' } })).finish();
    expect(test.run.state).toBe('REVERTED');
    expect(test.entries.filter((entry) => entry.kind === 'MARK')).toMatchObject([
      { mark: 'OUTPUT_EDITED', atom: 'b', data: { output: { id: 'new' }, before: { id: 'old' }, reason: 'it was renamed' } },
    ]);
    expect(test.run.atoms[atomIndex(1)]?.output).toEqual({ id: 'new' });
  });

  it.each([
    ['without a reason', { b: { id: 'new' } }, '', 'Say why'],
    ['of a type that does not allow it', { a: { id: 'new' } }, 'why', 'saved output of “a” cannot be edited'],
    ['that does not fit the type', { b: { id: 7 } }, 'why', 'output of “b” does not fit its task type: id'],
  ])('B2: is refused %s', (_, outputs, reason, message) => {
    const test = made();
    expect(refusalOf(test.run, confirm(test, outputs, reason))?.message).toContain(message);
  });
});

describe('a revert that failed', () => {
  let stuck = true;
  const script: Script = ({ kind, atom }) => {
    if (kind === 'revert') return atom === 'b' && stuck ? { fail: 'STUCK' } : undefined;
    return atom === 'b' ? { output: { id: 'old' } } : undefined;
  };
  const failed = () => {
    stuck = true;
    return rollBack(run(flow(linear('f', [task('a'), task('b', { type: 'mendable' }), task('c')])), script).go(), { kind: 'job' });
  };

  it('R7: is tried again with edited saved data, old and new in the logbook', () => {
    const test = failed();
    stuck = false;
    test.act({ kind: 'RETRY_REVERT', reason: 'mended', atom: 'b', output: { id: 'new' } }).finish();
    expect(test.run.state).toBe('REVERTED');
    expect(test.entries.find((entry) => entry.kind === 'MARK' && entry.mark === 'OUTPUT_EDITED')).toMatchObject({
      data: { output: { id: 'new' }, before: { id: 'old' } },
    });
  });

  it('R7: is marked as reverted by hand, with a reason, and the rest goes on', () => {
    const test = failed().act({ kind: 'MARK_REVERTED', reason: 'dropped it myself', atom: 'b' }).finish();
    expect(test.run.state).toBe('REVERTED');
    expect(test.run.atoms[atomIndex(1)]?.note).toContain('dropped it myself');
  });

  it('R7: is kept with a reason, and the run says so', () => {
    const test = failed().act({ kind: 'KEEP', reason: 'still in use', atom: 'b' }).finish();
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
    expect(test.run.standing).toEqual([{ atom: 'b', because: 'still in use' }]);
    expect(test.states['a']).toBe('REVERTED');
  });
});

it('B7: only the people whom an approval names may answer it; where it names none, everyone may', () => {
  const answered = (by: string[]) => {
    const test = run(flow(linear('f', [task('ask', { type: 'ask', parameters: { by } })]))).go();
    return test.act({ kind: 'ANSWER_APPROVAL', reason: '', atom: 'ask', approved: true }).finish();
  };
  expect(answered(['ben', 'carla']).answered).toMatchObject({ kind: 'refused', message: 'Only ben, carla may answer this.' });
  for (const by of [['ben', 'ana'], []]) expect([answered(by).answered?.kind, answered(by).run.state]).toEqual(['done', 'SUCCESS']);
});

describe('pausing and cancelling', () => {
  it('waits for running tasks, then rests; resumes where it was', () => {
    const test = run(flow(linear('f', [task('a'), task('b')])))
      .claim()
      .act({ kind: 'SUSPEND', reason: '' });
    expect(test.run.state).toBe('SUSPENDING');
    expect(test.finish().states).toEqual({ a: 'SUCCESS', b: 'PENDING' });
    expect(test.run.job).toBe('WAITING');
    expect(test.act({ kind: 'RESUME', reason: '' }).finish().run.state).toBe('SUCCESS');
  });

  it('ends in SUCCESS when the awaited task was the last one', () => {
    expect(
      run(flow(linear('f', [task('a')])))
        .claim()
        .act({ kind: 'SUSPEND', reason: '' })
        .finish().run.state,
    ).toBe('SUCCESS');
  });

  it('pauses a rollback between two reverts', () => {
    const test = run(flow(linear('f', [task('a'), task('b')]))).go();
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash });
    test.act({ kind: 'SUSPEND', reason: '' }).finish();
    expect(test.states).toEqual({ a: 'SUCCESS', b: 'REVERTED' });
    expect(test.act({ kind: 'RESUME', reason: '' }).finish().run.state).toBe('REVERTED');
  });

  it('cancels with a rollback: aborts running tasks and undoes everything', () => {
    const test = run(flow(linear('f', [task('a'), task('b')])))
      .claim()
      .answerNext()
      .act({ kind: 'CANCEL', reason: 'wrong day', then: 'revert' });
    expect(test.aborted).toEqual(['b']);
    test.finish();
    expect(test.run.forward).toEqual({ kind: 'cancelled', by: 'ana', reason: 'wrong day' });
    expect(test.run.state).toBe('REVERTED');
  });

  it('cancels and holds', () => {
    const test = run(flow(linear('f', [task('a'), task('b')])))
      .claim()
      .act({ kind: 'CANCEL', reason: '', then: 'hold' })
      .finish();
    expect(test.run.state).toBe('FAILURE');
    expect(test.act({ kind: 'RESUME', reason: '' }).finish().run.state).toBe('SUCCESS');
  });

  it('L2: every act is an entry with actor, act and reason', () => {
    const test = run(flow(linear('f', [task('a')])))
      .claim()
      .act({ kind: 'SUSPEND', reason: 'lunch' });
    expect(test.entries.find(({ kind }) => kind === 'ACT')).toMatchObject({
      act: 'SUSPEND',
      reason: 'lunch',
      actor: { kind: 'person', name: 'ana' },
      data: { before: 'RUNNING' },
    });
  });
});

describe('found by simulation', () => {
  it('cancelling a paused rollback does not make the run go forward', () => {
    const test = run(flow(linear('f', [task('a'), task('b')]))).go();
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash });
    test.act({ kind: 'SUSPEND', reason: '' }).finish();
    expect(refusalOf(test.run, { kind: 'CANCEL', reason: '', then: 'hold' })?.message).toContain('rollback of this job is paused');
  });

  it('a run without any standing effect cannot be rolled back further', () => {
    const test = rollBack(run(flow(linear('f', [task('look', { type: 'pure' }), task('a')]))).go(), {
      kind: 'atoms',
      atoms: ['a'],
      leaveOut: [],
    });
    expect(test.run.state).toBe('REVERTED');
    expect(planRollback(test.run, { kind: 'job' }).blocked).toContain('already undone');
  });
});

describe('after a crash', () => {
  it('A4: repeats a repeatable task with the same attempt', () => {
    const test = run(flow(linear('f', [task('a'), task('b')])))
      .claim()
      .answerNext()
      .crash()
      .go();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.calls).toEqual(['apply a', 'apply b']);
    expect(test.run.atoms[atomIndex(1)]?.attempt).toBe(1);
    expect(test.entries.filter((entry) => entry.kind === 'ATOM' && entry.data?.repeated)).toHaveLength(1);
  });

  it('A4: asks the probe first', () => {
    const script: Script = ({ kind }) => (kind === 'probe' ? { happened: 'yes' } : undefined);
    const test = run(flow(linear('f', [task('a', { type: 'probed' })])), script)
      .claim()
      .crash()
      .go();
    expect(test.calls).toEqual(['probe a']);
    expect(test.run.state).toBe('SUCCESS');
  });

  it("A4: holds a task that may not be repeated, and takes a person's answer", () => {
    const test = run(flow(linear('f', [task('a', { type: 'once' }), task('b')])))
      .claim()
      .crash()
      .go();
    expect(test.run.attention).toBe('in_doubt');
    expect(test.run.job).toBe('WAITING');
    test.act({ kind: 'SETTLE_DOUBT', reason: 'I looked', atom: 'a', answer: { kind: 'happened', output: { n: 1 } } }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.run.atoms[atomIndex(0)]?.output).toEqual({ n: 1 });
  });

  it('A4: repeats a revert that was under way', () => {
    const test = run(flow(linear('f', [task('a')]))).go();
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash });
    expect(test.crash().go().run.state).toBe('REVERTED');
  });
});
