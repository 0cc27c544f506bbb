// Leases that end by mistake while their conductor lives: the token identifies the claim, so no task is called twice at
// once, no job stops, and no atom is put in doubt.
import { describe, expect, it } from 'vitest';
import { systemPause } from '../../clock.ts';
import type { JobState } from '../../states.ts';
import { LEASE_MS } from '../../board/job-board.ts';
import type { TaskOutcome } from '../../dispatch/task-runner.ts';
import { orderOf } from '../../testing/conformance/job-order.ts';
import { ConductorScene } from '../../testing/conductor-scene.ts';
import { flow, linear, task } from '../../testing/flows.ts';
import { SimulatedProcess } from '../../testing/simulated-process.ts';
import { HeldClaim } from './held-claims.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };

/** A scene in which a call of `a` runs until `finish`, also after it was told to stop. */
function withSlowTask() {
  let finish = () => {};
  const scene = new ConductorScene((call) => {
    if (call.atom !== 'a' || call.kind !== 'apply') return Promise.resolve(done);
    return new Promise((resolve) => {
      finish = () => resolve(done);
    });
  });
  return { scene, finish: () => finish() };
}

const once = () => flow(linear('root', [task('a', { type: 'once' }), task('b', { type: 'once' })]));

describe('a lease that ended by mistake', () => {
  it.each([
    ['releaseAll', async (scene: ConductorScene) => void (await scene.store.releaseAll())],
    [
      'the clock, while renewing fails',
      async (scene: ConductorScene) => {
        scene.store.fail = (asked) => {
          if (asked === 'renew') throw new Error('not now');
        };
        await scene.pass(LEASE_MS + 1_000, 250);
        scene.store.fail = () => {};
      },
    ],
  ])('J3, A3: ended by %s: the conductor gets its job again and goes on; one call, no doubt, no stall', async (_, end) => {
    const { scene, finish } = withSlowTask();
    const conductor = scene.start();
    const job = await scene.launch(conductor, once());
    await scene.pass(300);
    await end(scene);
    await scene.pass(1_000);
    expect((await scene.store.get(job))?.owner).toBe('c1');
    expect(scene.calls).toEqual(['apply a']);
    finish();
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS', attention: null });
    expect([scene.calls, scene.mostAtOnce]).toEqual([['apply a', 'apply b'], 1]);
    const entries = await scene.entries(job);
    expect(entries.filter((entry) => entry.kind === 'MARK')).toEqual([]);
    const tokens = entries.map(({ token }) => token);
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
    expect(tokens.at(-1)).toBeGreaterThan(1);
  });

  it('J3: the claim that was got again is renewed and accepts acts; the end of the old claim does not affect it', async () => {
    const { scene, finish } = withSlowTask();
    const conductor = scene.start();
    const job = await scene.launch(conductor, once());
    await scene.pass(300);
    await scene.store.releaseAll();
    // Ten leases long.
    await scene.pass(10 * LEASE_MS, 250);
    expect(await conductor.act(job, { kind: 'SUSPEND', reason: 'lunch' }, ana)).toMatchObject({ kind: 'done' });
    finish();
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUSPENDED', attention: null });
    expect(await conductor.act(job, { kind: 'RESUME', reason: '' }, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
    expect(scene.calls).toEqual(['apply a', 'apply b']);
  });

  it('J3: a commit that is under way while the claim is got again is written under the new token', async () => {
    const { scene, finish } = withSlowTask();
    const conductor = scene.start();
    const job = await scene.launch(conductor, once());
    await scene.pass(300);
    const claim = scene.store.claim.bind(scene.store);
    let answerClaim = () => {};
    // The board has claimed it, and the answer is on its way.
    scene.store.claim = async (...args) => {
      const claims = await claim(...args);
      if (claims.length > 0) await new Promise<void>((resolve) => (answerClaim = resolve));
      return claims;
    };
    await scene.store.releaseAll();
    await scene.pass(500);
    finish();
    await scene.pass(200);
    expect(scene.calls).toEqual(['apply a']);
    answerClaim();
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
    expect(scene.calls).toEqual(['apply a', 'apply b']);
  });

  it('J3, J4: another conductor that gets the job goes on with it; the first one stops, writes nothing and releases no claim', async () => {
    const finishes: (() => void)[] = [];
    const scene = new ConductorScene((call) =>
      call.atom === 'a' ? new Promise((resolve) => finishes.push(() => resolve(done))) : Promise.resolve(done),
    );
    const job = await scene.launch(scene.start('c1'), flow(linear('root', [task('a'), task('b')])));
    await scene.pass(300);
    await scene.store.releaseAll();
    scene.start('c2');
    await scene.settle();
    expect((await scene.store.get(job))?.owner).toBe('c2');
    finishes[0]?.();
    // Two leases long: the claim of the second is renewed.
    await scene.pass(2 * LEASE_MS, 250);
    expect(await scene.store.get(job)).toMatchObject({ state: 'CLAIMED', owner: 'c2' });
    finishes[1]?.();
    await scene.pass(500);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
    expect(scene.calls).toEqual(['apply a', 'apply a', 'apply b']);
    const entries = await scene.entries(job);
    expect(entries.filter((entry) => entry.kind === 'ATOM' && entry.atom === 'a' && entry.to === 'SUCCESS')).toHaveLength(1);
    expect(scene.troubles).toMatchObject([{ code: 'CLAIM_LOST' }]);
  });

  it('J3: a conductor that learns from a renewal that another conductor has its job stops its calls', async () => {
    const signals: AbortSignal[] = [];
    const scene = new ConductorScene((_, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await scene.launch(scene.start('c1'), once());
    await scene.pass(300);
    await scene.store.releaseAll();
    scene.start('c2');
    await scene.pass(LEASE_MS / 2, 250);
    expect(signals[0]?.aborted).toBe(true);
    expect(scene.troubles).toMatchObject([{ code: 'CLAIM_LOST' }]);
  });

  it('J3: a conductor that gets its job again after another conductor held it goes on from the entries of that conductor', async () => {
    const answers: (TaskOutcome | null)[] = [null, done, null, done];
    const scene = new ConductorScene((_, signal) => {
      const answer = answers.shift() ?? null;
      return new Promise((resolve) => {
        if (answer !== null) resolve(answer);
        signal.addEventListener('abort', () => resolve(done));
      });
    });
    const job = await scene.launch(scene.start('c1'), flow(linear('root', [task('a'), task('b')])));
    await scene.pass(300);
    await scene.store.releaseAll();
    const other = new SimulatedProcess(scene.network);
    scene.start('c2', other.clock());
    await scene.settle();
    expect([(await scene.store.get(job))?.owner, scene.calls]).toEqual(['c2', ['apply a', 'apply a', 'apply b']]);
    other.sleep();
    await scene.store.releaseAll();
    await scene.pass(2_000);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS', owner: null });
    expect(scene.calls).toEqual(['apply a', 'apply a', 'apply b', 'apply b']);
    expect(scene.troubles).toMatchObject([{ code: 'CLAIM_LOST' }]);
  });

  it('J3: the end of a claim whose last commit was answered late does not affect the claim after it', async () => {
    const scene = new ConductorScene(() => new Promise(() => {}));
    const conductor = scene.start();
    const commit = scene.store.commit.bind(scene.store);
    let answer = () => {};
    scene.store.commit = async (...args) => {
      const outcome = await commit(...args);
      if (args[0].change?.state === 'WAITING') await new Promise<void>((resolve) => (answer = resolve));
      return outcome;
    };
    const job = await scene.launch(conductor, flow(linear('root', [task('wait', { type: 'pause' }), task('a')])));
    // The job is parked for 5 s and claimed again, before the commit that parked it is answered.
    await scene.pass(7_000, 250);
    expect([await scene.store.get(job), scene.calls]).toMatchObject([{ state: 'CLAIMED', owner: 'c1' }, ['apply a']]);
    answer();
    await scene.settle();
    expect(await conductor.act(job, { kind: 'SUSPEND', reason: '' }, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(2 * LEASE_MS, 250);
    expect([scene.calls, scene.troubles]).toEqual([['apply a'], []]);
  });

  it('A3: the next driver in the same process waits for the call that the driver before it had stopped', async () => {
    let isAborted = false;
    let end = () => {};
    const scene = new ConductorScene((call, signal) => {
      if (call.atom !== 'a' || isAborted) return Promise.resolve(done);
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return new Promise((resolve) => {
        end = () => resolve(done);
      });
    });
    const conductor = scene.start();
    const job = await scene.launch(conductor, flow(linear('root', [task('a'), task('b')])));
    await scene.pass(300);
    // A commit fails: the driver ends, and the run is loaded again from the stored entries.
    let failures = 1;
    scene.store.fail = (asked) => {
      if (asked === 'commit' && failures-- > 0) throw new Error('the disk is full');
    };
    await expect(conductor.act(job, { kind: 'SUSPEND', reason: '' }, ana)).rejects.toThrow('the disk is full');
    await scene.pass(6_000);
    expect([isAborted, scene.calls]).toEqual([true, ['apply a']]);
    end();
    await scene.pass(2_000);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
    expect([scene.calls, scene.mostAtOnce]).toEqual([['apply a', 'apply a', 'apply b'], 1]);
  });
});

describe('a clock that is set back', () => {
  it('J3: does not prolong a lease: a conductor that slept past it asks the board before a call', () => {
    const claim = { job: 'j', flow: 'f', version: 1, parent: null, target: null, token: 1, from: 'UNCLAIMED' } as const;
    const held = new HeldClaim(claim, { now: 1_000_000, elapsed: 0 });
    expect(held.isLeasedAt({ now: 1_000_000 - 40_000, elapsed: LEASE_MS - 1 })).toBe(true);
    expect(held.isLeasedAt({ now: 1_000_000 - 40_000, elapsed: LEASE_MS })).toBe(false);
    // The machine slept, and only its clock tells.
    expect(held.isLeasedAt({ now: 1_000_000 + LEASE_MS, elapsed: 10 })).toBe(false);
  });

  it('J3: by an hour keeps no conductor from renewing its leases and from looking for jobs', async () => {
    const { scene } = withSlowTask();
    const process = new SimulatedProcess(scene.network);
    const conductor = scene.start('c1', process.clock());
    await scene.launch(conductor, once());
    await scene.pass(300);
    let renewals = 0;
    scene.store.fail = (asked) => {
      if (asked === 'renew') renewals += 1;
    };
    process.setClock(-3_600_000);
    await scene.pass(2 * LEASE_MS, 250);
    expect(renewals).toBeGreaterThan(4);
  });
});

it('J2: jobs that are due together are claimed, loaded and ended together, with few requests for claims', async () => {
  const JOBS = 400;
  const scene = new ConductorScene();
  const conductor = scene.start('c1', new SimulatedProcess(scene.network).clock(), systemPause);
  const until = async (state: JobState) => {
    for (;;) {
      if ((await scene.store.counts()).byState[state] === JOBS) return;
      scene.network.advance(1);
      await systemPause();
    }
  };
  const job = await scene.launch(conductor, flow(linear('root', [task('wait', { type: 'pause' }), task('a')])));
  const { flow: id } = (await scene.store.get(job)) ?? { flow: '' };
  await Promise.all(Array.from({ length: JOBS - 1 }, () => scene.store.post(orderOf({ flow: id, inputs: {} }), scene.network.now)));
  await until('WAITING');
  const claim = scene.store.claim.bind(scene.store);
  let requests = 0;
  scene.store.claim = (...asked) => {
    requests += 1;
    return claim(...asked);
  };
  await until('COMPLETE');
  expect(requests).toBeLessThan(JOBS / 10);
});
