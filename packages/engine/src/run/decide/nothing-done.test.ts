// R5, T1: an attempt that failed before it changed anything has nothing to revert, and no effect of it is listed as standing.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, retrySchema } from '../../definition/schema.ts';
import { heldResources } from '../../resources/resource-changes.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';

/** Apply fails and says that nothing was done; a revert of it would fail too. */
const refused =
  (atom: string): Script =>
  (call) =>
    call.atom !== atom ? undefined : call.kind === 'apply' ? { fail: 'REFUSED', nothingDone: true } : { fail: 'REFUSED' };

const twice = { ...task('b'), retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } }) };

function run(definition: FlowDefinition, script: Script): TestRun {
  return new TestRun({ definition, catalog: fakeCatalog, script }).go();
}

describe('an apply that failed and said that nothing was done', () => {
  it('R5: is REVERTED without a call, and the tasks before it are reverted', () => {
    const test = run(flow(linear('f', [task('a'), task('b')])), refused('b'));
    expect(test.calls).toEqual(['apply a', 'apply b', 'revert a']);
    expect(test.run.state).toBe('REVERTED');
    expect(test.run.atoms.find(({ atom }) => atom === 'b')).toMatchObject({ state: 'REVERTED', note: 'nothing was done' });
  });

  it('T1: leaves nothing standing, even if its type is irreversible', () => {
    const test = run(flow(linear('f', [task('a'), task('b', { type: 'send' })])), refused('b'));
    expect(test.run.state).toBe('REVERTED');
    expect(test.run.standing).toEqual([]);
  });

  it('R9: unless it says so, a failed irreversible task is kept', () => {
    const test = run(flow(linear('f', [task('a'), task('b', { type: 'send' })])), ({ kind, atom }) =>
      kind === 'apply' && atom === 'b' ? { fail: 'BROKEN' } : undefined,
    );
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
  });

  it('T1: is neither standing nor left when only tasks before it are rolled back', () => {
    const test = run(flow(linear('f', [task('a'), task('b'), task('c')]), { onFailure: 'hold' }), refused('c'));
    const choice = { kind: 'atoms', atoms: ['a'], leaveOut: [{ atom: 'c', reason: 'it never ran' }] } as const;
    const plan = planRollback(test.run, { ...choice, atoms: ['a'], leaveOut: [...choice.leaveOut] });
    expect(plan.standing).toEqual([]);
    test.act({ kind: 'ROLL_BACK', reason: '', choice: plan.choice, hash: plan.hash }).finish();
    expect(test.run.standing).toEqual([]);
  });

  it('R3: begins its next attempt without a revert', () => {
    const test = run(flow(linear('f', [task('a'), twice])), ({ kind, atom, attempt }) =>
      atom === 'b' && kind === 'apply' && attempt === 1 ? { fail: 'REFUSED', nothingDone: true } : undefined,
    );
    expect(test.calls).toEqual(['apply a', 'apply b', 'apply b']);
    expect(test.run.state).toBe('SUCCESS');
  });

  it('A4: does not count for an attempt that was repeated after a crash', () => {
    const test = new TestRun({ definition: flow(linear('f', [task('a'), task('b')])), catalog: fakeCatalog, script: refused('b') }).claim();
    test.answerNext().crash().claim().finish();
    expect(test.calls.filter((call) => call.endsWith(' b'))).toEqual(['apply b', 'revert b']);
    const failed = test.entries.find((entry) => entry.kind === 'ATOM' && entry.atom === 'b' && entry.to === 'FAILURE');
    expect(failed).toMatchObject({ data: { failure: { code: 'REFUSED' } } });
    expect(JSON.stringify(failed)).not.toContain('nothingDone');
  });

  it('A4: counts for the next attempt, which was called once', () => {
    const test = new TestRun({
      definition: flow(linear('f', [task('a'), twice])),
      catalog: fakeCatalog,
      script: ({ kind, atom }) => (kind === 'apply' && atom === 'b' ? { fail: 'REFUSED', nothingDone: true } : undefined),
    }).claim();
    test.answerNext().crash().claim().finish();
    expect(test.calls.filter((call) => call.endsWith(' b'))).toEqual(['apply b', 'revert b', 'apply b']);
  });

  it('I4: replay restores which attempt was repeated', () => {
    const test = new TestRun({ definition: flow(linear('f', [task('a'), task('b')])), catalog: fakeCatalog, script: refused('b') }).claim();
    test.answerNext().crash().claim().crash();
    expect(test.run.atoms.map(({ atom, repeated }) => [atom, repeated])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('Z1: at the last stage of a resource, the stage before it is destroyed', () => {
    const test = run(flow(linear('f', [task('a'), task('m', { type: 'rented' })])), refused('m.acquire'));
    expect(test.calls).toEqual(['apply a', 'apply m.reserve', 'apply m.configure', 'apply m.acquire', 'revert m.configure', 'revert a']);
    expect(test.run.state).toBe('REVERTED');
  });

  it('Z2: is not in the ledger', () => {
    const test = run(flow(linear('f', [task('m', { type: 'leased' })]), { onFailure: 'hold' }), refused('m.acquire'));
    expect(heldResources(test.run)).toMatchObject([{ atom: 'm', stage: 'configure' }]);
  });
});
