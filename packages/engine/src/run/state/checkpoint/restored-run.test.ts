// I4 by example: the next decisions of a run that was restored from a checkpoint.
import { expect, it } from 'vitest';
import { fakeCatalog, flow, linear, task, unordered } from '../../../testing/flows.ts';
import { TestRun } from '../../../testing/run-in-memory.ts';
import { type RunCheckpoint, checkpointOf, restoreCheckpoint } from './checkpoint.ts';

/** The test goes on with the restored run. */
function restore(test: TestRun): TestRun {
  const restoring = restoreCheckpoint(test.flow, JSON.parse(JSON.stringify(checkpointOf(test.run))) as RunCheckpoint);
  for (let step = restoring.next(); ; step = restoring.next()) {
    if (!step.done) continue;
    test.run = step.value;
    return test;
  }
}

it('A7: waits take signals in the order in which they began to wait', () => {
  const listen = (id: string) => task(id, { type: 'listen' });
  const definition = flow(unordered('f', [linear('l', [task('a'), listen('second')]), listen('first'), task('slow')]));
  const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
  test.answer(test.pending.findIndex(({ call }) => call.atom === 'a'));
  restore(test).act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 });
  expect(test.states).toMatchObject({ first: 'SUCCESS', second: 'WAITING' });
  restore(test).act({ kind: 'SIGNAL', reason: '', name: 'go', data: 2 });
  expect(test.states).toMatchObject({ first: 'SUCCESS', second: 'SUCCESS' });
});
