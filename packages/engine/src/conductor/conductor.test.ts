import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../board/job-board.ts';
import type { TaskOutcome } from '../dispatch/task-runner.ts';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { flow, linear, task, unordered } from '../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };
const pair = flow(linear('root', [task('a'), task('b')]));
const stateOf = async (scene: ConductorScene, job: string) => (await scene.store.get(job))?.run;

/** A promise that the test resolves. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('a conductor', () => {
  it('A2: no task is applied and no person is answered before the entries are committed', async () => {
    const scene = new ConductorScene();
    const disk = deferred();
    const commit = scene.store.commit.bind(scene.store);
    scene.store.commit = (one) => disk.promise.then(() => commit(one));
    const conductor = scene.start();
    const job = await scene.launch(conductor, pair);
    await scene.settle();
    let answered = false;
    const act = conductor.act(job, { kind: 'SUSPEND', reason: '' }, ana).then((answer) => {
      answered = true;
      return answer;
    });
    await scene.pass(2_000);
    expect(scene.calls).toEqual([]);
    expect(answered).toBe(false);
    disk.resolve();
    await scene.settle();
    expect(await act).toMatchObject({ kind: 'done' });
    expect(await stateOf(scene, job)).toBe('SUSPENDED');
    expect(scene.calls).toEqual(['apply a']);
  });

  it('A3: with a healthy conductor each task is applied exactly once', async () => {
    const scene = new ConductorScene();
    const job = await scene.launch(scene.start(), flow(unordered('root', [task('a'), task('b'), task('c')])));
    await scene.pass(2_000);
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    expect(scene.calls.sort()).toEqual(['apply a', 'apply b', 'apply c']);
  });

  it('J3: a conductor that lost its claim writes nothing, and the other conductor finishes the job', async () => {
    const stuck = deferred();
    let calls = 0;
    const scene = new ConductorScene(async () => {
      calls += 1;
      if (calls === 1) await stuck.promise;
      return done;
    });
    const job = await scene.launch(scene.start('c1'), flow(linear('root', [task('a')])));
    await scene.settle();
    expect(scene.calls).toEqual(['apply a']);
    await scene.store.releaseAll();
    scene.start('c2');
    await scene.settle();
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    stuck.resolve();
    await scene.pass(2_000);
    const entries = await scene.entries(job);
    expect(entries.filter((entry) => entry.kind === 'ATOM' && entry.to === 'SUCCESS')).toHaveLength(1);
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  });

  it('B4: an act on a finished job claims it first; a refused act leaves no entry', async () => {
    const scene = new ConductorScene();
    const conductor = scene.start();
    const job = await scene.launch(conductor, pair);
    await scene.settle();
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    const before = (await scene.entries(job)).length;
    expect(await conductor.act(job, { kind: 'RESUME', reason: '' }, ana)).toMatchObject({ kind: 'refused' });
    expect(await scene.entries(job)).toHaveLength(before);
    const { hash } = await conductor.plan(job, { kind: 'job' });
    await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash }, ana);
    await scene.settle();
    expect(await stateOf(scene, job)).toBe('REVERTED');
  });

  it('stopping waits for the results of running calls, and the next conductor goes on from there', async () => {
    const work = deferred();
    const scene = new ConductorScene(() => work.promise.then(() => done));
    const first = scene.start('c1');
    const job = await scene.launch(first, pair);
    await scene.settle();
    expect(scene.calls).toEqual(['apply a']);
    let hasStopped = false;
    const stopped = first.stop(2_000).then(() => {
      hasStopped = true;
    });
    await scene.pass(1_000);
    expect(hasStopped).toBe(false);
    work.resolve();
    await scene.settle();
    await stopped;
    expect(await stateOf(scene, job)).toBe('RUNNING');
    scene.start('c2');
    await scene.settle();
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    expect(scene.calls).toEqual(['apply a', 'apply b']);
  });

  it('a failure of the store is reported, nothing is lost, and the job goes on when the store works again', async () => {
    const scene = new ConductorScene();
    let failures = 2;
    scene.store.fail = (asked) => {
      if (asked === 'commit' && failures-- > 0) throw new Error('disk full');
    };
    const job = await scene.launch(scene.start(), pair);
    await scene.pass(10_000);
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    expect(scene.troubles).toMatchObject([{ message: 'disk full' }, { message: 'disk full' }]);
  });

  it('J3: a renewal before the answer to the commit that ends a claim does not count the claim as lost', async () => {
    const scene = new ConductorScene();
    const late = deferred();
    const commit = scene.store.commit.bind(scene.store);
    scene.store.commit = async (one) => {
      const outcome = await commit(one);
      // The commit is written and its answer is late: leases are renewed meanwhile.
      if (one.change?.state === 'COMPLETE') await late.promise;
      return outcome;
    };
    let renewals = 0;
    scene.store.fail = (asked) => {
      if (asked === 'renew') renewals += 1;
    };
    await scene.launch(scene.start(), flow(linear('root', [task('a')])));
    await scene.pass(LEASE_MS, 500);
    expect(renewals).toBeGreaterThan(0);
    late.resolve();
    await scene.pass(2_000);
    expect((await scene.store.counts()).byState).toEqual({ COMPLETE: 1 });
    expect(scene.troubles).toEqual([]);
  });
});
