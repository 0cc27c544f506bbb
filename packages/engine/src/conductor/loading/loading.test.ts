// If the store fails for a while, the conductor loads the run again and keeps the claim or gives it back. It dead-letters no job.
import { expect, it } from 'vitest';
import { EngineError } from '../../errors.ts';
import { ConductorScene } from '../../testing/conductor-scene.ts';
import { flow, linear, task } from '../../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const ab = () => flow(linear('root', [task('a'), task('b')]));
const away = () => new EngineError('STORE_FAILED', 'PostgreSQL could not do it: the connection was cut.');

it('J4: one read that fails once dead-letters no job, and the job goes on without an act', async () => {
  const scene = new ConductorScene();
  let failures = 1;
  scene.store.fail = (asked) => {
    if (asked === 'read' && failures-- > 0) throw new Error('one read has failed');
  };
  const conductor = scene.start();
  const job = await scene.launch(conductor, ab());
  await scene.pass(2_000);
  expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS', attention: null });
  expect(scene.calls).toEqual(['apply a', 'apply b']);
  const claims = (await scene.entries(job)).filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED');
  expect(claims).toHaveLength(1);
});

it.each([3_000, 60_000])('J4: a store that is unavailable for %i ms makes none of 40 jobs a dead letter', async (ms) => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  let until = Number.POSITIVE_INFINITY;
  const jobs: string[] = [];
  for (let left = 40; left > 0; left -= 1) jobs.push(await scene.launch(conductor, ab()));
  scene.store.fail = (asked) => {
    // Some jobs are claimed and not loaded yet, some are loaded and have not committed.
    if (asked !== 'claim' && scene.network.now < until) throw away();
  };
  await scene.settle();
  until = scene.network.now + ms;
  await scene.pass(ms + 45_000, 250);
  for (const job of jobs) expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', attention: null });
  expect(scene.mostAtOnce).toBe(1);
});

it('J4: while the store is unavailable, a run is read again after longer and longer waits, at most 10 s', async () => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  const job = await scene.launch(conductor, ab());
  const began = scene.network.now;
  const reads: number[] = [];
  scene.store.fail = (asked) => {
    if (asked !== 'read') return;
    reads.push(scene.network.now - began);
    if (scene.network.now < began + 60_000) throw away();
  };
  await scene.pass(75_000, 250);
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', attention: null });
  expect(reads.filter((at) => at < 60_000)).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 15_750, 25_750, 35_750, 45_750, 55_750]);
});

it('J4: a claim that cannot be given back is given back later, long before its lease ends', async () => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  let [commits, abandons] = [1, 3];
  scene.store.fail = (asked) => {
    if (asked === 'commit' && commits-- > 0) throw away();
    if (asked === 'abandon' && abandons-- > 0) throw away();
  };
  const job = await scene.launch(conductor, ab());
  await scene.pass(10_000, 250);
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', attention: null });
  expect(abandons).toBeLessThan(0);
});

it('B7: an act on a job that cannot be read now is answered with the error of the store, and is not carried out later', async () => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  const job = await scene.launch(conductor, ab());
  await scene.pass(1_000);
  const { hash } = await conductor.plan(job, { kind: 'job' });
  let isAway = false;
  let claims = 0;
  scene.store.fail = (asked) => {
    if (isAway && asked === 'read') throw away();
  };
  const claimJob = scene.store.claimJob.bind(scene.store);
  scene.store.claimJob = async (...args) => {
    claims += 1;
    const answer = await claimJob(...args);
    isAway = true;
    return answer;
  };
  const order = { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash } as const;
  await expect(conductor.act(job, order, ana)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect(claims).toBe(1);
  await scene.pass(5_000);
  isAway = false;
  await scene.pass(15_000);
  expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS', attention: null });
  expect((await scene.entries(job)).filter(({ kind }) => kind === 'ACT')).toEqual([]);
});

it('J5: a conductor that stops while a run cannot be loaded gives its claim back', async () => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  scene.store.fail = (asked) => {
    if (asked === 'read') throw away();
  };
  const job = await scene.launch(conductor, ab());
  await scene.pass(1_000);
  const stopped = conductor.stop(50);
  await scene.pass(100);
  await stopped;
  await scene.settle();
  expect(await scene.store.get(job)).toMatchObject({ state: 'CLAIMED', leaseUntil: 0 });
});
