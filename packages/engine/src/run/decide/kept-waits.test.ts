// A rollback leaves a task as it is that waits (I1, I7, B5): its wait is over, and a later pass begins it anew, in its order.
import { expect, it } from 'vitest';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import type { RollbackChoice } from '../plan/rollback-choice.ts';

const waiting = { on: 'timer', until: 60_000, output: {} } as const;

/** `w` waits for a time; it needs `a`, and `z` comes after it. */
function whileItWaits(type: string): TestRun {
  const definition = flow(linear('f', [task('a'), task('w', { type }), task('z')]));
  const test = new TestRun({ definition, catalog: fakeCatalog }).claim().answerNext();
  test.pending.shift();
  return test.send({ kind: 'POSTED', atom: 'w', attempt: 1, waiting });
}

/** Undoes all or leaves `w` out; then applies again. */
const WAYS = {
  'that nothing can undo is kept by a cancel': () => whileItWaits('send').act({ kind: 'CANCEL', reason: 'wrong', then: 'revert' }),
  'is left out of a plan by a person': () => {
    const test = whileItWaits('step').act({ kind: 'SUSPEND', reason: '' });
    const atoms = test.run.atoms.map(({ atom }) => atom);
    const choice = { kind: 'atoms' as const, atoms, leaveOut: [{ atom: 'w', reason: 'somebody uses it' }] } satisfies RollbackChoice;
    return test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
  },
};

it.each(Object.entries(WAYS))('a task %s: it does not wait any longer, and is applied anew after what it needs', (_, undo) => {
  const test = undo().finish();
  expect([test.run.state, test.run.job, test.run.waiting]).toEqual(['PARTIALLY_REVERTED', 'COMPLETE', 0]);
  expect(test.run.atoms.find(({ atom }) => atom === 'w')).toMatchObject({ state: 'FAILURE', failure: { code: 'ABORTED' } });
  expect(test.run.standing.map(({ atom }) => atom)).toEqual(['w']);
  const calls = test.calls.length;
  test.act({ kind: 'APPLY_AGAIN', reason: 'right now', parameters: {} }).finish();
  expect(test.run.state).toBe('SUCCESS');
  const applied = test.calls.slice(calls).filter((call) => call.startsWith('apply'));
  expect(applied).toEqual(['apply a', 'apply w', 'apply z']);
});
