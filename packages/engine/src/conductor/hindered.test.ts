// A clock that jumps, a store that fails now and then or is slow, a task that never answers: clear failures or none,
// handled by the same rules, with no atom left RUNNING and no task done twice.
import { describe, expect, it } from 'vitest';
import type { TaskOutcome } from '../dispatch/task-runner.ts';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { flow, linear, task, unordered } from '../testing/flows.ts';
import { SimulatedProcess } from '../testing/simulated-process.ts';

const done: TaskOutcome = { kind: 'done', output: {} };
const stateOf = async (scene: ConductorScene, job: string) => (await scene.store.get(job))?.run;

describe('a clock that jumps', () => {
  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour back', -3_600_000],
  ])('%s puts no running call of a living process in doubt, and repeats none', async (_, jump) => {
    const scene = new ConductorScene(
      () =>
        new Promise((resolve) => {
          scene.network.after(700, () => resolve(done));
        }),
    );
    const process = new SimulatedProcess(scene.network);
    const definition = flow(linear('root', [task('a', { type: 'once' }), task('b', { type: 'once' })]));
    const job = await scene.launch(scene.start('c1', process.clock()), definition);
    await scene.pass(200);
    process.setClock(jump);
    await scene.pass(5_000);
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    expect(scene.calls).toEqual(['apply a', 'apply b']);
    const entries = await scene.entries(job);
    expect(entries.filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED')).toHaveLength(1);
    // L1: no entry is older than the one before it.
    const times = entries.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a store', () => {
  it('that fails every third time: the run and its rollback end, and no result is recorded twice', async () => {
    const scene = new ConductorScene(async ({ kind, atom }) =>
      kind === 'apply' && atom === 'z' ? { kind: 'failed', failure: { code: 'BROKEN', message: 'no' } } : done,
    );
    let commits = 0;
    scene.store.fail = (asked) => {
      if (asked !== 'commit') return;
      commits += 1;
      if (commits % 3 === 0) throw new Error('the disk is full');
    };
    const items = Array.from({ length: 8 }, (_, index) => task(`t${index}`));
    const job = await scene.launch(scene.start(), flow(linear('root', [unordered('u', items), task('z')])));
    await scene.pass(60_000, 500);
    expect(await stateOf(scene, job)).toBe('REVERTED');
    expect(commits).toBeGreaterThan(3);
    const ends = (await scene.entries(job)).flatMap((entry) =>
      entry.kind === 'ATOM' && (entry.to === 'SUCCESS' || entry.to === 'REVERTED') ? [`${entry.atom} ${entry.to}`] : [],
    );
    expect(new Set(ends).size).toBe(ends.length);
  });

  it('A2: that is slow is waited for, and no task starts and no person is answered early', async () => {
    const order: string[] = [];
    const scene = new ConductorScene(async ({ atom }) => {
      order.push(`called ${atom}`);
      return done;
    });
    const commit = scene.store.commit.bind(scene.store);
    scene.store.commit = async (one) => {
      await new Promise<void>((resolve) => {
        scene.network.after(60, resolve);
      });
      const outcome = await commit(one);
      for (const entry of one.entries) if (entry.kind === 'ATOM') order.push(`durable ${entry.atom} ${entry.to}`);
      return outcome;
    };
    const job = await scene.launch(scene.start(), flow(linear('root', [task('a'), task('b')])));
    await scene.pass(2_000);
    expect(await stateOf(scene, job)).toBe('SUCCESS');
    expect(order).toEqual(['durable a RUNNING', 'called a', 'durable a SUCCESS', 'durable b RUNNING', 'called b', 'durable b SUCCESS']);
  });
});

describe('a task', () => {
  it('A5: that never answers fails with TIMEOUT, is told to stop, and its later answer is ignored', async () => {
    let answerLate = () => {};
    let isAborted = false;
    const scene = new ConductorScene(async ({ kind }, signal) => {
      if (kind === 'revert') return done;
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return new Promise((resolve) => {
        answerLate = () => resolve(done);
      });
    });
    const job = await scene.launch(scene.start(), flow(linear('root', [{ ...task('a'), timeLimitMs: 120 }])));
    await scene.pass(119, 1);
    expect(isAborted).toBe(false);
    await scene.pass(1);
    expect(isAborted).toBe(true);
    answerLate();
    await scene.pass(2_000);
    expect(await stateOf(scene, job)).toBe('REVERTED');
    expect(scene.calls).toEqual(['apply a', 'revert a']);
    const ends = (await scene.entries(job)).flatMap((entry) => (entry.kind === 'ATOM' ? [entry] : []));
    expect(ends.map(({ to }) => to)).toEqual(['RUNNING', 'FAILURE', 'REVERTING', 'REVERTED']);
    expect(ends[1]?.data?.failure?.code).toBe('TIMEOUT');
  });
});
