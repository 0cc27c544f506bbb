// A plan is made once for a state of a run, and anew when the job becomes a dead letter or is one no longer.
import { expect, it } from 'vitest';
import type { AtomEntry, JobEntry, RunEntry } from '../../logbook/entry.ts';
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

it('I7: a job that an earlier version ended with REVERT_FAILED beside a launch that waits is rolled back by a plan', () => {
  const definition = flow(linear('f', [task('a'), task('go', { type: 'launch' })]));
  const test = new TestRun({ definition, catalog: fakeCatalog }).claim().answerNext();
  test.pending.shift();
  const waiting = { on: 'job', job: 'job_x', until: 60_000, output: null } as const;
  test.send({ kind: 'POSTED', atom: 'go', attempt: 1, waiting });
  const { run } = test;
  const actor = { kind: 'conductor', id: 'c1', name: 'c1' } as const;
  type Wrote = Pick<JobEntry, 'kind' | 'from' | 'to' | 'data'> | Pick<RunEntry, 'kind' | 'from' | 'to' | 'data'>;
  const wrote = (entry: Wrote | Omit<AtomEntry, 'number' | 'time' | 'actor' | 'token'>) =>
    fold(run, { ...entry, number: run.number + 1, time: run.lastTime, actor, token: run.token } as JobEntry | RunEntry | AtomEntry);
  const launch = { kind: 'ATOM', atom: 'go', attempt: 1 } as const;
  const cancelled = { kind: 'cancelled', by: 'ana', reason: '' } as const;
  wrote({ kind: 'JOB', from: 'WAITING', to: 'CLAIMED', data: {} });
  wrote({ ...launch, from: 'WAITING', to: 'RUNNING', data: { repeated: true } });
  wrote({ kind: 'RUN', from: 'RUNNING', to: 'REVERTING', data: { forward: cancelled, rollback: { atoms: 'all', then: 'stop' } } });
  wrote({ ...launch, from: 'RUNNING', to: 'WAITING', data: { waiting } });
  wrote({ kind: 'RUN', from: 'REVERTING', to: 'REVERT_FAILED', data: { left: [] } });
  wrote({ kind: 'JOB', from: 'CLAIMED', to: 'WAITING', data: { attention: 'revert_failed' } });
  const plan = planRollback(run, JOB);
  expect([plan.blocked, plan.waves.flat().map(({ atom }) => atom)]).toEqual([null, ['go', 'a']]);
  test.act({ kind: 'ROLL_BACK', reason: '', choice: JOB, hash: plan.hash }).finish();
  expect([test.answered?.kind, run.state, test.states]).toEqual(['done', 'REVERTED', { a: 'REVERTED', go: 'REVERTED' }]);
});
