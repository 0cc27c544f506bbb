// An answer names the attempt of its call: an answer of an earlier attempt of apply or of revert changes nothing.
import { describe, expect, it } from 'vitest';
import { retrySchema, taskItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';

describe('a late answer of an earlier attempt', () => {
  const twice = () => {
    const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } });
    const definition = flow(linear('f', [taskItemSchema.parse({ ...task('a'), retry })]));
    const script: Script = ({ kind, attempt }) => (kind === 'apply' && attempt === 1 ? { fail: 'BROKEN' } : undefined);
    const test = new TestRun({ definition, catalog: fakeCatalog, script }).claim().answerNext().answerNext();
    expect(test.pending.map(({ call: { kind, attempt } }) => [kind, attempt])).toEqual([['apply', 2]]);
    return test;
  };

  it('R11: of apply, done: the present attempt still runs, and its own output is recorded', () => {
    const test = twice().send({ kind: 'APPLIED', atom: 'a', attempt: 1, output: { late: true } });
    expect(test.states['a']).toBe('RUNNING');
    expect(test.finish().run.atoms.find(({ atom }) => atom === 'a')).toMatchObject({ state: 'SUCCESS', output: {} });
  });

  it('R11: of apply, failed: the present attempt still runs', () => {
    const test = twice().send({ kind: 'APPLY_FAILED', atom: 'a', attempt: 1, failure: { code: 'LATE', message: '' } });
    expect([test.states['a'], test.finish().run.state]).toEqual(['RUNNING', 'SUCCESS']);
  });

  it('R11: of the previous revert attempt: the present one is still awaited', () => {
    const script: Script = ({ kind, atom, revertAttempt }) =>
      (kind === 'apply' && atom === 'b') || (kind === 'revert' && revertAttempt === 1) ? { fail: 'BROKEN' } : undefined;
    const definition = flow(linear('f', [task('a', { revertPolicy: { attempts: 2, delayMs: 0 } }), task('b', { type: 'pure' })]));
    const test = new TestRun({ definition, catalog: fakeCatalog, script }).claim();
    while (test.pending[0]?.revertAttempt !== 2) test.answerNext();
    test.send({ kind: 'REVERTED', atom: 'a', attempt: 1, revertAttempt: 1 });
    expect([test.states['a'], test.run.state]).toEqual(['REVERTING', 'REVERTING']);
    expect(test.finish().run.state).toBe('REVERTED');
  });

  it('R11: of a revert that hung and was kept: the revert of the present attempt is still awaited', () => {
    const test = new TestRun({
      definition: flow(linear('f', [taskItemSchema.parse({ ...task('a'), timeLimitMs: 150 })])),
      catalog: fakeCatalog,
    }).go();
    const choice = { kind: 'job' } as const;
    const rollBack = () => test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
    rollBack().passTime().passTime();
    test.act({ kind: 'SETTLE_DOUBT', reason: 'it hangs', atom: 'a', answer: { kind: 'failed' } });
    test.act({ kind: 'KEEP', reason: 'it hangs', atom: 'a' });
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
    expect(rollBack().pending.map(({ call: { kind, attempt } }) => [kind, attempt])).toEqual([['revert', 2]]);
    const before = test.entries.length;
    test.send({ kind: 'REVERTED', atom: 'a', attempt: 1, revertAttempt: 1 });
    expect([test.states['a'], test.entries.length]).toEqual(['REVERTING', before]);
    // The effect of attempt 1 was kept, and stays listed.
    test.finish();
    expect([test.run.state, test.run.keptBefore]).toEqual(['PARTIALLY_REVERTED', [{ atom: 'a (attempt 1)', because: 'it hangs' }]]);
  });
});
