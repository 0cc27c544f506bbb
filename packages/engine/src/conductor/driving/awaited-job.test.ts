// I7: a task may wait only for a job that can end: one that exists and is not its own.
import { expect, it } from 'vitest';
import type { TaskOutcome } from '../../dispatch/task-runner.ts';
import { ConductorScene } from '../../testing/conductor-scene.ts';
import { flow, linear, task } from '../../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };
const waitFor = (job: string): TaskOutcome => ({ kind: 'waiting', waiting: { on: 'job', job, until: null, output: null } });

it.each<[string, (self: string) => string, string]>([
  ['that does not exist', () => 'job_nothere', 'The task waits for the job job_nothere, which does not exist.'],
  ['that is its own', (self) => self, 'which cannot end before the task.'],
])('a task that waits for a job %s fails, and what ran is reverted', async (_, awaited, words) => {
  const scene = new ConductorScene(async ({ kind, atom, job }) => (kind === 'apply' && atom === 'b' ? waitFor(awaited(job)) : done));
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(linear('root', [task('a'), task('b')])));
  await scene.pass(500);
  expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'REVERTED' });
  const { forward } = await conductor.snapshot(job);
  expect(forward).toMatchObject({ failure: { code: 'WAIT_INVALID', message: expect.stringContaining(words) } });
});

it('R7: a revert that waits for a job that does not exist fails, and a person can settle it', async () => {
  const scene = new ConductorScene(async ({ kind }) => (kind === 'revert' ? waitFor('job_nothere') : done));
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(linear('root', [task('a')])));
  await scene.pass(500);
  const choice = { kind: 'job' } as const;
  const { hash } = await conductor.plan(job, choice);
  await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice, hash }, ana);
  await scene.pass(500);
  expect(await scene.store.get(job)).toMatchObject({ run: 'REVERT_FAILED', attention: 'revert_failed' });
  expect(await conductor.act(job, { kind: 'KEEP', reason: 'gone', atom: 'a' }, ana)).toMatchObject({ kind: 'done' });
});

it('A3: while the store cannot say whether there is such a job, the task waits and is asked again', async () => {
  const scene = new ConductorScene(async ({ kind }) =>
    kind === 'apply'
      ? { kind: 'waiting', waiting: { on: 'job', job: 'job_nothere', until: scene.network.now + 20_000, output: null } }
      : done,
  );
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(linear('root', [task('a')])));
  scene.store.fail = (asked) => {
    if (asked === 'get') throw new Error('unreachable');
  };
  await scene.pass(500);
  scene.store.fail = () => {};
  expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING', run: 'RUNNING' });
  await scene.pass(21_000, 500);
  expect((await conductor.snapshot(job)).forward).toMatchObject({ failure: { code: 'WAIT_INVALID' } });
});
