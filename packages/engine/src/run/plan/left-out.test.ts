import { describe, expect, it } from 'vitest';
import { type FlowItem, flowItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, graph, linear, task } from '../../testing/flows.ts';
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
    expect(test.run.standing).toEqual(['x', 'y'].map((atom) => ({ atom, because: 'still in use' })));
  });

  it('keeps the outermost of such containers, because its revert would undo the inner one too', () => {
    const outer = flowItemSchema.parse({ ...linear('outer', [task('w'), wiped]), revert: { mode: 'task', id: 'clear', type: 'step' } });
    const test = new TestRun({ definition: flow(linear('f', [task('a'), outer, task('b')])), catalog: fakeCatalog }).go();
    const plan = planRollback(test.run, leaving('x'));
    expect(plan.waves.flat().map(({ atom }) => atom)).toEqual(['b', 'a']);
    expect(plan.standing.map(({ atom }) => atom).sort()).toEqual(['clear', 'w', 'wipe', 'x', 'y']);
  });
});

it('B1: a task left out of a container whose members are undone one by one stands, and the others are undone', () => {
  const box = linear('box', [task('x'), task('y')]);
  const test = new TestRun({ definition: flow(linear('f', [task('a'), box, task('b')])), catalog: fakeCatalog }).go();
  const plan = planRollback(test.run, leaving('x'));
  expect(plan.waves.flat().map(({ atom }) => atom)).toEqual(['b', 'y', 'a']);
  expect(plan.standing).toEqual([{ atom: 'x', because: 'still in use', leftOut: true, orphaned: true }]);
  test.act({ kind: 'ROLL_BACK', reason: '', choice: plan.choice, hash: plan.hash }).finish();
  expect([test.calls.slice(4), test.run.standing]).toEqual([
    ['revert b', 'revert y', 'revert a'],
    [{ atom: 'x', because: 'still in use' }],
  ]);
});

it('B1: a dependant left standing has an orphaned input, until it is applied anew', () => {
  const test = done();
  const plan = planRollback(test.run, leaving('b'));
  test.act({ kind: 'ROLL_BACK', reason: '', choice: plan.choice, hash: plan.hash }).finish();
  const orphans = () => test.run.atoms.flatMap(({ atom, orphaned }) => (orphaned ? [atom] : []));
  expect(orphans()).toEqual(['b']);
  expect(test.crash().run.atoms.find(({ atom }) => atom === 'b')?.orphaned).toBe(true);
  const all = planRollback(test.run, { kind: 'job' });
  test.act({ kind: 'ROLL_BACK', reason: '', choice: all.choice, hash: all.hash }).finish();
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
  expect([test.run.state, orphans()]).toEqual(['SUCCESS', []]);
});

describe('the plan names for each dependant the chosen atoms that it depends on (B1)', () => {
  const dependences = (root: FlowItem, atoms: string[]) => {
    const definition = flow(root, { inputs: { type: 'object', properties: { list: { type: 'array' } } } });
    const test = new TestRun({ definition, catalog: fakeCatalog, inputs: { list: ['x', 'y', 'z'] } }).go();
    const planned = planRollback(test.run, { kind: 'atoms', atoms, leaveOut: [] }).waves.flat();
    return Object.fromEntries(planned.flatMap(({ atom, dependant, dependsOn }) => (dependant ? [[atom, dependsOn]] : [])));
  };

  it('an iteration of a for-each depends on items before the for-each, not on other iterations', () => {
    const each = flowItemSchema.parse({
      ...linear('each', [task('host')]),
      pattern: 'for_each',
      forEach: { list: { from: 'input', name: 'list' } },
      limit: 3,
    });
    const root = linear('f', [task('a'), each, task('b')]);
    expect(dependences(root, ['a', 'each[1].host', 'each[2].host'])).toEqual({
      'each[0].host': ['a'],
      b: ['a', 'each[1].host', 'each[2].host'],
    });
  });

  it('a branch of a graph depends on its own sources, and only the nearest chosen ones are named', () => {
    const root = graph('f', [task('a'), task('b'), task('c'), task('d'), task('e')], ['a>c', 'b>d', 'c>e']);
    expect(dependences(root, ['a', 'b', 'c'])).toEqual({ d: ['b'], e: ['c'] });
  });
});

it('B1: an atom left out is no orphan when no atom before it is undone', () => {
  const test = done();
  expect(planRollback(test.run, { kind: 'atoms', atoms: ['b'], leaveOut: [{ atom: 'a', reason: 'r' }] }).standing).toContainEqual({
    atom: 'a',
    because: 'r',
    leftOut: true,
  });
});

it('T1: a plan after a rollback says why a task was kept', () => {
  const definition = flow(linear('f', [task('mail', { type: 'send' }), task('b')]));
  const test = new TestRun({ definition, catalog: fakeCatalog }).go();
  const first = planRollback(test.run, { kind: 'job' });
  test.act({ kind: 'ROLL_BACK', reason: '', choice: first.choice, hash: first.hash }).finish();
  const kept = test.run.atoms.find(({ atom }) => atom === 'mail')?.kept;
  expect(kept).not.toBeNull();
  expect(planRollback(test.run, { kind: 'job' })).toMatchObject({ waves: [], standing: [{ atom: 'mail', because: kept }] });
});
