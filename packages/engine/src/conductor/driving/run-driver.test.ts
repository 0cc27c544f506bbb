// A driver between decide and the outside: which answers count, who is answered, and the keys of calls.
import { describe, expect, it } from 'vitest';
import { type Clock, systemPause } from '../../clock.ts';
import { retrySchema, taskItemSchema } from '../../definition/schema.ts';
import type { TaskOutcome } from '../../dispatch/task-runner.ts';
import { ConductorScene } from '../../testing/conductor-scene.ts';
import { orderOf } from '../../testing/conformance/job-order.ts';
import { flow, linear, task, unordered } from '../../testing/flows.ts';
import { SimulatedProcess } from '../../testing/simulated-process.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };

/** A scene in which the chosen calls end when the test says so, in the order in which they were made. */
function withSlowCalls(isSlow: (call: string) => boolean) {
  const underWay: { readonly call: string; readonly end: () => void }[] = [];
  const scene = new ConductorScene(({ kind, atom }) => {
    const call = `${kind} ${atom}`;
    return isSlow(call) ? new Promise((resolve) => underWay.push({ call, end: () => resolve(done) })) : Promise.resolve(done);
  });
  const end = async (call: string) => {
    const [ended] = underWay.splice(
      underWay.findIndex((one) => one.call === call),
      1,
    );
    ended?.end();
    await scene.settle();
  };
  return { scene, end };
}

/** A job of two tasks whose calls are under way. A commit waits for `goOn`, and those after it do not wait. */
async function withHeldCommits() {
  const { scene, end } = withSlowCalls(() => true);
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(unordered('root', [task('a'), task('b')])));
  await scene.pass(300);
  const commit = scene.store.commit.bind(scene.store);
  let release = () => {};
  scene.store.commit = async (...args) => {
    await new Promise<void>((resolve) => (release = resolve));
    return commit(...args);
  };
  const goOn = () => {
    scene.store.commit = commit;
    release();
  };
  return { scene, end, conductor, job, goOn };
}

it('R7, R11: the late answer of a revert that a person has settled does not count as the answer of the next call', async () => {
  const { scene, end } = withSlowCalls((call) => call.startsWith('revert'));
  const conductor = scene.start();
  const limited = taskItemSchema.parse({ ...task('a'), timeLimitMs: 1_000 });
  const job = await scene.launch(conductor, flow(unordered('root', [limited, task('b')])));
  await scene.pass(300);
  const choice = { kind: 'job' } as const;
  const { hash } = await conductor.plan(job, choice);
  expect(await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice, hash }, ana)).toMatchObject({ kind: 'done' });
  await scene.pass(32_000, 500);
  expect(await scene.store.get(job)).toMatchObject({ run: 'REVERTING', attention: 'in_doubt' });
  await conductor.act(job, { kind: 'SETTLE_DOUBT', reason: 'it hangs', atom: 'a', answer: { kind: 'failed' } }, ana);
  await conductor.act(job, { kind: 'RETRY_REVERT', reason: 'once more', atom: 'a' }, ana);
  await scene.settle();
  const stateOfA = async () => (await conductor.snapshot(job)).atoms.find(({ atom }) => atom === 'a')?.state;
  expect([scene.calls.filter((call) => call === 'revert a').length, await stateOfA()]).toEqual([2, 'REVERTING']);
  await end('revert a');
  expect(await stateOfA()).toBe('REVERTING');
  await end('revert a');
  expect(await stateOfA()).toBe('REVERTED');
});

it('J4: an exception after a commit, as of a timer, ends the driver: the job stands under attention and is not held for ever', async () => {
  const scene = new ConductorScene(() => new Promise(() => {}));
  const process = new SimulatedProcess(scene.network).clock();
  const limit = 777;
  const clock: Clock = Object.assign(Object.create(process) as Clock, {
    after: (ms: number, due: () => void) => {
      if (ms === limit) throw new RangeError('There is no such timer.');
      return process.after(ms, due);
    },
  });
  const item = taskItemSchema.parse({ ...task('a'), timeLimitMs: limit });
  const job = await scene.launch(scene.start('c1', clock), flow(linear('root', [item])));
  await scene.pass(300);
  const note = expect.stringContaining('There is no such timer.');
  expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING', attention: 'dead_lettered', attentionNote: note });
});

it('an exception after the driver has ended is reported', async () => {
  const { scene, end } = withSlowCalls(() => true);
  const conductor = scene.start();
  await scene.launch(conductor, flow(unordered('root', [task('a'), task('b')])));
  await scene.pass(300);
  let fail = () => {};
  scene.store.commit = () =>
    new Promise((_, reject) => {
      fail = () => reject(new Error('The disk is gone.'));
    });
  await end('apply a');
  const stopped = conductor.stop(100);
  await scene.pass(300);
  fail();
  await scene.settle();
  await stopped;
  expect(scene.troubles).toEqual([expect.objectContaining({ message: 'The disk is gone.' })]);
});

it('A3: the key of a call is the same when another conductor repeats the attempt, and differs for each attempt and for its revert', async () => {
  const keys: string[] = [];
  let isLost = true;
  const scene = new ConductorScene(({ kind, attempt, idempotencyKey }) => {
    keys.push(`${kind} ${idempotencyKey}`);
    if (isLost) return new Promise(() => {});
    return Promise.resolve(kind === 'apply' && attempt === 1 ? { kind: 'failed', failure: { code: 'BROKEN', message: '' } } : done);
  });
  const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } });
  const item = taskItemSchema.parse({ ...task('a'), retry });
  const job = await scene.launch(scene.start('c1'), flow(linear('root', [item])));
  await scene.pass(300);
  isLost = false;
  await scene.store.releaseAll();
  scene.start('c2');
  await scene.pass(300);
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
  expect(keys).toEqual([`apply ${job}/a/1`, `apply ${job}/a/1`, `revert ${job}/a/1/revert`, `apply ${job}/a/2`]);
});

it('B7: an act that arrives while the job ends is answered, with the state in which the job ended', async () => {
  const { scene, end, conductor, job, goOn } = await withHeldCommits();
  // While the commit of a is under way, b ends the job and a person pauses it.
  await end('apply a');
  await end('apply b');
  const answer = conductor.act(job, { kind: 'SUSPEND', reason: 'lunch' }, ana);
  await scene.settle();
  goOn();
  const late = scene.pass(1_000).then(() => 'not answered');
  expect(await Promise.race([answer, late])).toMatchObject({ kind: 'refused', message: expect.stringContaining('SUCCESS') });
});

it('B7: a refusal that rests on an act whose commit fails is not given: both people get the failure', async () => {
  const { scene, end, conductor, job, goOn } = await withHeldCommits();
  // Both acts arrive while the commit of a is under way, so one turn decides both.
  await end('apply a');
  const cancel = () => conductor.act(job, { kind: 'CANCEL', reason: 'wrong town', then: 'revert' }, ana).catch(String);
  const answers = Promise.all([cancel(), cancel()]);
  await scene.settle();
  let commits = 0;
  scene.store.fail = (asked) => {
    if (asked === 'commit') commits += 1;
    if (asked === 'commit' && commits === 2) throw new Error('the disk is full');
  };
  goOn();
  await scene.settle();
  expect(await answers).toEqual(['Error: the disk is full', 'Error: the disk is full']);
  expect((await scene.entries(job)).filter(({ kind }) => kind === 'ACT')).toEqual([]);
});

it('S4: answers that arrive during a commit are committed in parts of at most 256 KB of large values', async () => {
  const TASKS = 12;
  const output = { text: 'x'.repeat(60_000) };
  const ends: (() => void)[] = [];
  const scene = new ConductorScene(() => new Promise((resolve) => ends.push(() => resolve({ kind: 'done', output }))));
  const tasks = Array.from({ length: TASKS }, (_, at) => task(`t${at}`));
  const job = await scene.launch(scene.start(), flow(unordered('root', tasks)));
  await scene.pass(300);
  const commit = scene.store.commit.bind(scene.store);
  const answered: number[] = [];
  let goOn = () => {};
  scene.store.commit = async (...args) => {
    answered.push(args[0].entries.filter((entry) => entry.kind === 'ATOM' && entry.to === 'SUCCESS').length);
    if (answered.length === 1) await new Promise<void>((resolve) => (goOn = resolve));
    return commit(...args);
  };
  for (const end of ends) end();
  await scene.settle();
  goOn();
  await scene.pass(300);
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
  expect(answered).toEqual([1, 5, 5, 1]);
});

describe('in memory, where no store lets the loop turn', () => {
  const tasks = (count: number) => Array.from({ length: count }, (_none, at) => task(`t${at}`));
  it.each([
    ['of one job, side by side,', 1, unordered('root', tasks(3_000))],
    ['of one job, one after another,', 1, linear('root', tasks(3_000))],
    ['of many small jobs,', 150, linear('root', tasks(20))],
  ])('the loop turns after a bounded number of calls %s so that leases are renewed', async (_, count, root) => {
    const scene = new ConductorScene();
    const turns: number[] = [];
    const pause = async () => {
      turns.push(scene.calls.length);
      await systemPause();
    };
    const { id } = await scene.flows.create(flow(root), ana, 1);
    await scene.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    const jobs = Array.from({ length: count }, () => scene.store.post(orderOf({ flow: id, inputs: {} }), 1));
    scene.start('c1', new SimulatedProcess(scene.network).clock(), pause);
    for (const { job } of await Promise.all(jobs)) while ((await scene.store.get(job))?.run !== 'SUCCESS') await systemPause();
    const between = [...turns, 3_000].map((calls, at) => calls - (turns[at - 1] ?? 0));
    expect(scene.calls).toHaveLength(3_000);
    // When a turn of the loop is due, each driver may be at its next call already.
    expect(Math.max(...between)).toBeLessThanOrEqual(500 + jobs.length);
  });
});

it('A5: a driver has one timer, however many limits its run has, and none after the job has ended', async () => {
  const ends: (() => void)[] = [];
  const scene = new ConductorScene(() => new Promise((resolve) => ends.push(() => resolve({ kind: 'done', output: {} }))));
  const conductor = scene.start();
  await scene.settle();
  const idle = scene.network.timers;
  const limited = Array.from({ length: 30 }, (_, at) => ({ ...task(`t${at}`), timeLimitMs: 3_600_000 + at }));
  const jobs = [await scene.launch(conductor, flow(unordered('f', limited))), await scene.launch(conductor, flow(unordered('f', limited)))];
  await scene.pass(200);
  expect([ends.length, scene.network.timers]).toEqual([60, idle + 2]);
  for (const end of ends) end();
  await scene.settle();
  for (const job of jobs) expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
  expect(scene.network.timers).toBe(idle);
});
