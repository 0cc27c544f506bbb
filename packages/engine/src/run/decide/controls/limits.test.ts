// Runs beyond a limit: each fails with a code, is handled like any other failure, and leaves no atom RUNNING.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, flowItemSchema, retrySchema, taskItemSchema } from '../../../definition/schema.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../../testing/flows.ts';
import { TestRun } from '../../../testing/run-in-memory.ts';
import { planRollback } from '../../plan/plan-rollback.ts';
import type { RollbackChoice } from '../../plan/rollback-choice.ts';

const run = (definition: FlowDefinition, inputs: Record<string, never> = {}) => new TestRun({ definition, catalog: fakeCatalog, inputs });
const nothingRuns = ({ run: { atoms, busy } }: TestRun) => {
  expect(busy).toBe(0);
  expect(atoms.filter(({ state }) => state === 'RUNNING' || state === 'REVERTING')).toEqual([]);
};
const failureOf = ({ run: { forward } }: TestRun) => (forward?.kind === 'failed' ? forward.failure.code : forward?.kind);

describe('a run beyond a limit', () => {
  it('P7: an endless loop fails at its limit, and all of its rounds are undone', () => {
    const loop = { ...linear('l', [task('x')]), pattern: 'loop', loop: { again: 'true', limit: 1_000 } };
    const test = run(flow(linear('f', [task('a'), flowItemSchema.parse(loop)]))).go();
    expect([test.run.state, failureOf(test)]).toEqual(['REVERTED', 'LOOP_LIMIT']);
    expect(test.calls.filter((call) => call.startsWith('revert l['))).toHaveLength(1_000);
    nothingRuns(test);
  });

  it('P6: a for-each over a million elements fails before it begins', () => {
    const forEach = { list: { from: 'input', name: 'list' } };
    const each = flowItemSchema.parse({ ...linear('e', [task('x')]), pattern: 'for_each', forEach, limit: 10 });
    const definition = flow(linear('f', [task('a'), each]), {
      inputs: { type: 'object', properties: { list: { type: 'array' } } },
    } as never);
    const list = Array.from({ length: 1_000_000 }, (_, index) => index);
    const test = run(definition, { list } as never).go();
    expect([test.run.state, failureOf(test)]).toEqual(['REVERTED', 'TOO_MANY_ELEMENTS']);
    expect(test.calls).toEqual(['apply a', 'revert a']);
    nothingRuns(test);
  });

  it('P6: a list whose iterations would exceed the atoms of a run fails before any of them is added', () => {
    const body = Array.from({ length: 30 }, (_, index) => task(`x${index}`));
    const forEach = { list: { from: 'constant', value: Array.from({ length: 9_000 }, (_, index) => index) } };
    const each = flowItemSchema.parse({ ...linear('e', body), pattern: 'for_each', forEach });
    const test = run(flow(linear('f', [task('a'), each]))).go();
    expect([test.run.state, failureOf(test)]).toEqual(['REVERTED', 'TOO_MANY_ATOMS']);
    expect(test.run.forward).toHaveProperty(
      'failure.message',
      'The run has 2 atoms and would get 270000 more; at most 250000 are allowed.',
    );
    expect(test.run.atoms).toHaveLength(2);
    expect(test.calls).toEqual(['apply a', 'revert a']);
  });

  it('P2, B5: 30,000 finished children that wait for one that begins again continue without recursion', () => {
    const items = Array.from({ length: 30_000 }, (_, index) => task(`t${index}`, { type: 'pure' }));
    const test = run(flow(unordered('u', items, 1))).go();
    const choice: RollbackChoice = { kind: 'atoms', atoms: ['t0'], leaveOut: [] };
    const { hash } = planRollback(test.run, choice);
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash }).finish();
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.calls.slice(30_000)).toEqual(['apply t0']);
    nothingRuns(test);
  });

  it('P7: loops in loops do not exhaust the memory', () => {
    const inner = { ...linear('i', [task('x', { type: 'pure' })]), pattern: 'loop', loop: { again: 'true', limit: 10_000 } };
    const outer = { ...linear('o', [flowItemSchema.parse(inner)]), pattern: 'loop', loop: { again: 'true', limit: 10_000 } };
    const test = run(flow(linear('f', [flowItemSchema.parse(outer)]))).go();
    // The inner loop reaches its limit first; both end.
    expect([test.run.state, failureOf(test)]).toEqual(['REVERTED', 'LOOP_LIMIT']);
    nothingRuns(test);
  });

  it('P1: a flow of 100,000 steps runs to its end', () => {
    const items = Array.from({ length: 100_000 }, (_, index) => taskItemSchema.parse(task(`t${index}`)));
    const test = run(flow(linear('f', items))).go();
    expect(test.run.state).toBe('SUCCESS');
    nothingRuns(test);
  });

  it('R1: a retry whose expression always says RETRY declines at its limit; a version from before limits at 1,000', () => {
    const definition = (more: object) => {
      const strategy = { kind: 'expression', cel: '"RETRY"', ...more };
      return flow(linear('f', [{ ...task('x', { type: 'pure' }), retry: retrySchema.parse({ id: 'r', strategy }) }]));
    };
    const attempts = (more: object) => {
      const failing = new TestRun({ definition: definition(more), catalog: fakeCatalog, script: () => ({ fail: 'BROKEN' }) }).go();
      expect(failing.run.state).toBe('REVERTED');
      return failing.calls.length;
    };
    expect(attempts({ attempts: 7 })).toBe(7);
    expect(attempts({})).toBe(1_000);
  });

  it('S5: an expression bomb fails its atom and is handled like any failure', () => {
    const list = Array.from({ length: 2_000 }, (_, index) => index);
    const bomb = task('b', {
      bindings: { n: { from: 'expression', cel: 'size(inputs.list.map(x, inputs.list.map(y, x + y)))' } } as never,
    });
    const definition = flow(linear('f', [task('a'), bomb]), {
      inputs: { type: 'object', properties: { list: { type: 'array' } } },
    } as never);
    const test = run(definition, { list } as never).go();
    expect([test.run.state, failureOf(test)]).toEqual(['REVERTED', 'EXPRESSION_FAILED']);
    nothingRuns(test);
  });
});
