// I4 by example: the next decisions of a run that was restored from a checkpoint.
import { expect, it } from 'vitest';
import type { Entry } from '../../../logbook/entry.ts';
import { atOnce } from '../../../slices.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../../testing/flows.ts';
import { TestRun } from '../../../testing/run-in-memory.ts';
import { nextDue } from '../agenda.ts';
import { replay } from '../fold/fold.ts';
import { emptyRun } from '../run.ts';
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

it('decision 0017: what a run waits for is due at the same time after a jump of the clock, replayed or restored', () => {
  const test = new TestRun({ definition: flow(linear('f', [task('a', { type: 'pause' }), task('b')])), catalog: fakeCatalog }).claim();
  const began = test.run.lastTime;
  const time = began + 3_600_100;
  const signs = { time, token: 2, actor: { kind: 'conductor', id: 'c1', name: 'c1' } } as const;
  const claimed: Entry = { ...signs, kind: 'JOB', number: test.run.number + 1, from: 'WAITING', to: 'CLAIMED', data: {} };
  const replayed = replay(emptyRun(test.flow), [...test.entries, claimed]);
  const restored = atOnce(restoreCheckpoint(test.flow, JSON.parse(JSON.stringify(checkpointOf(replayed))) as RunCheckpoint));
  for (const run of [replayed, restored]) {
    run.agenda.jumps = [{ at: began + 3_600_050, by: 3_600_000 }];
    expect((nextDue(run, { time, ahead: 0 }) ?? 0) - time).toBe(4_900);
  }
});
