// A4: a conductor is lost while the undo command of *Run command* runs. Only its author knows whether it may run twice.
import { planRollback } from '@windlass/engine/run';
import { catalogOf } from '@windlass/engine/task';
import { TestRun, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

const ended = { exitCode: 0, stdout: '', stderr: '' };

function takenOver(parameters: object): TestRun {
  const command = { program: 'touch', undo: { program: 'rm' }, ...parameters };
  const definition = flow(linear('f', [task('a', { type: 'command.run', parameters: command })]));
  const test = new TestRun({ definition, catalog: catalogOf([runCommand]), script: () => ({ output: ended }) }).go();
  const { hash } = planRollback(test.run, { kind: 'job' });
  test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash });
  // The revert is under way: its intention is durable, its answer is not.
  return test.crash().claim();
}

it('the undo command is not run again blindly: the job waits for a person', () => {
  const test = takenOver({}).finish();
  expect(test.calls).toEqual(['apply a']);
  expect([...test.run.atoms][0]?.inDoubt).toContain('may not be repeated blindly');
  expect(test.run).toMatchObject({ job: 'WAITING', attention: 'in_doubt' });
});

it('the undo command is run again where its author says that it may be', () => {
  const test = takenOver({ undoRepeatable: true }).finish();
  expect(test.calls).toEqual(['apply a', 'revert a']);
  expect(test.run.state).toBe('REVERTED');
});
