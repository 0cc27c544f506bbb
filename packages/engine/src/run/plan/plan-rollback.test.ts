// A plan is made once for a state of a run, and anew when the job becomes a dead letter or is one no longer.
import { expect, it } from 'vitest';
import type { JobEntry } from '../../logbook/entry.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { fold } from '../state/fold/fold.ts';
import { planRollback } from './plan-rollback.ts';

const JOB = { kind: 'job' } as const;

it('J4: a running job has no plan, as a dead letter it has one, and none again once it was tried again', () => {
  const { run } = new TestRun({ definition: flow(linear('f', [task('a'), task('b')])), catalog: fakeCatalog }).claim().answerNext();
  const actor = { kind: 'conductor', id: 'c1', name: 'c1' } as const;
  const move = (change: Pick<JobEntry, 'from' | 'to' | 'data'>) =>
    fold(run, { kind: 'JOB', number: run.number + 1, time: run.lastTime, actor, token: run.token, ...change });
  expect(planRollback(run, JOB).blocked).toContain('running');
  move({ from: 'CLAIMED', to: 'WAITING', data: { attention: 'dead_lettered', note: 'its process died twice' } });
  const plan = planRollback(run, JOB);
  expect([plan.blocked, plan.waves.flat().map(({ atom }) => atom)]).toEqual([null, ['b', 'a']]);
  move({ from: 'WAITING', to: 'CLAIMED', data: {} });
  expect(planRollback(run, JOB).blocked).toContain('running');
});
