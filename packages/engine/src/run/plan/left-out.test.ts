import { describe, expect, it } from 'vitest';
import { flowItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from './plan-rollback.ts';
import type { RollbackChoice } from './rollback-choice.ts';

const wiped = flowItemSchema.parse({ ...linear('box', [task('x'), task('y')]), revert: { mode: 'task', id: 'wipe', type: 'step' } });
const done = () => new TestRun({ definition: flow(linear('f', [task('a'), wiped, task('b')])), catalog: fakeCatalog }).go();
const leaving = (...atoms: string[]): RollbackChoice => ({
  kind: 'atoms',
  atoms: ['a'],
  leaveOut: atoms.map((atom) => ({ atom, reason: 'still in use' })),
});

describe('a task left out of a container that is undone as a whole (I8, R8)', () => {
  it('keeps the whole container standing: the plan shows it, and the revert of the whole is not called', () => {
    const test = done();
    const plan = planRollback(test.run, leaving('x'));
    expect(plan.waves.flat().map(({ atom }) => atom)).toEqual(['b', 'a']);
    expect(plan.standing).toEqual(['wipe', 'x', 'y'].map((atom) => ({ atom, because: 'still in use', leftOut: true, orphaned: true })));
    test.act({ kind: 'ROLL_BACK', reason: '', choice: plan.choice, hash: plan.hash }).finish();
    expect(test.calls.slice(-2)).toEqual(['revert b', 'revert a']);
    expect(test.run.state).toBe('PARTIALLY_REVERTED');
    expect(test.run.left).toEqual(['x', 'y'].map((atom) => ({ atom, because: 'still in use' })));
  });
});

it('B1: a dependant left standing has an orphaned input, until it is applied anew', () => {
  const test = done();
  const plan = planRollback(test.run, leaving('b'));
  test.act({ kind: 'ROLL_BACK', reason: '', choice: plan.choice, hash: plan.hash }).finish();
  const orphans = () => test.run.atoms.flatMap(({ atom, orphaned }) => (orphaned ? [atom] : []));
  expect(orphans()).toEqual(['b']);
  expect(test.crash().run.atoms.find(({ atom }) => atom === 'b')?.orphaned).toBe(true);
});

it('B1: an atom left out on which nothing undone stands before it is no orphan', () => {
  const test = done();
  expect(planRollback(test.run, { kind: 'atoms', atoms: ['b'], leaveOut: [{ atom: 'a', reason: 'r' }] }).standing).toContainEqual({
    atom: 'a',
    because: 'r',
    leftOut: true,
  });
});
