// Faults that the simulators found, each as the smallest flow that shows it.
import { expect, it } from 'vitest';
import { flowItemSchema } from '../definition/schema.ts';
import { fakeCatalog, flow, graph, task } from '../testing/flows.ts';
import { TestRun } from '../testing/run-in-memory.ts';
import type { RollbackChoice } from './plan/rollback-choice.ts';
import { planRollback } from './plan/plan-rollback.ts';

function rollBack(test: TestRun, choice: RollbackChoice): TestRun {
  return test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
}

it('P4, B5: a task that a person skipped is not decided on again when the gate before it is rolled back and applied anew', () => {
  const root = flowItemSchema.parse({
    ...graph('f', [task('a'), task('b')], []),
    links: [{ id: 'l', from: 'a', to: 'b', decider: 'inputs.absent == 1' }],
  });
  const test = new TestRun({ definition: flow(root, { onFailure: 'hold' }), catalog: fakeCatalog }).go();
  expect(test.states).toMatchObject({ b: 'FAILURE' });
  test.act({ kind: 'SKIP_FAILED', reason: 'not needed', atom: 'b', output: {} }).finish();
  rollBack(test, { kind: 'atoms', atoms: ['b.gate'], leaveOut: [] }).finish();
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }).finish();
  expect(test.run.state).toBe('SUCCESS');
  expect(test.states).toMatchObject({ a: 'SUCCESS', b: 'IGNORE' });
});
