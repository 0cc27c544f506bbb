// The clock of the machine is set while jobs run and wait: what lasts is as long as it was meant to be, and a time that a person
// gave is a time of the wall clock (decision 0017).
import { describe, expect, it } from 'vitest';
import type { FlowDefinition } from '../definition/schema.ts';
import { retrySchema, taskItemSchema } from '../definition/schema.ts';
import type { TaskOutcome } from '../dispatch/task-runner.ts';
import type { Entry } from '../logbook/entry.ts';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { flow, linear, task, unordered } from '../testing/flows.ts';
import { SimulatedProcess } from '../testing/simulated-process.ts';

const HOUR = 3_600_000;
const done: TaskOutcome = { kind: 'done', output: {} };
const broken: TaskOutcome = { kind: 'failed', failure: { code: 'BROKEN', message: 'no' } };

const limited = (id: string, more: object) => taskItemSchema.parse({ ...task(id), ...more });

interface Case {
  readonly name: string;
  readonly definition: FlowDefinition;
  /** Calls that fail; a call of `slow` never ends by itself. */
  readonly fails?: (call: string, count: number) => boolean;
  /** How long it lasts from the first call or wait on, and its end. */
  readonly lasts: number;
  readonly isEnd: (entry: Entry, calls: readonly string[]) => boolean;
}

const becomes = (atom: string, to: string) => (entry: Entry) => entry.kind === 'ATOM' && entry.atom === atom && entry.to === to;
const called = (call: string, times: number) => (_: Entry, calls: readonly string[]) => calls.filter((one) => one === call).length >= times;

const retried = (delayMs: number) =>
  limited('a', { retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 3 }, delayMs }) });

const CASES: readonly Case[] = [
  {
    name: 'A5: the time limit of a running call',
    definition: flow(linear('f', [limited('slow', { timeLimitMs: 5_000 })])),
    lasts: 5_000,
    isEnd: becomes('slow', 'FAILURE'),
  },
  {
    // The run has a turn at the end of the delay, before the limit.
    name: 'A5: the time limit of a running call beside a delay',
    definition: flow(unordered('f', [limited('slow', { timeLimitMs: 8_000 }), task('a', { type: 'pause' })])),
    lasts: 8_000,
    isEnd: becomes('slow', 'FAILURE'),
  },
  {
    name: 'A5: the time limit of a running revert',
    definition: flow(linear('f', [limited('slow_revert', { timeLimitMs: 5_000 }), task('b')])),
    fails: (call) => call === 'apply b',
    lasts: 5_000,
    isEnd: (entry) => entry.kind === 'ATOM' && entry.atom === 'slow_revert' && entry.data?.failure?.code === 'TIMEOUT',
  },
  {
    name: 'R1: the delay of a retry under its claim',
    definition: flow(linear('f', [retried(900)])),
    fails: (call, count) => call === 'apply a' && count === 1,
    lasts: 900,
    isEnd: called('apply a', 2),
  },
  {
    name: 'R1: the delay of a retry whose job is parked',
    definition: flow(linear('f', [retried(20_000)])),
    fails: (call, count) => call === 'apply a' && count === 1,
    lasts: 20_000,
    isEnd: called('apply a', 2),
  },
  {
    name: 'R7: the back-off of a revert',
    definition: flow(linear('f', [limited('a', { revertPolicy: { attempts: 3, delayMs: 8_000 } }), task('b')])),
    fails: (call, count) => call === 'apply b' || (call === 'revert a' && count === 1),
    lasts: 8_000,
    isEnd: called('revert a', 2),
  },
  {
    name: 'A5: the deadline of the flow while a call runs',
    definition: flow(linear('f', [task('slow')]), { timeLimitMs: 12_000 }),
    lasts: 12_000,
    isEnd: (entry) => entry.kind === 'RUN' && entry.to === 'REVERTING',
  },
  {
    name: 'A5: the deadline of the flow while its job is parked',
    definition: flow(linear('f', [task('a', { type: 'ask', parameters: { then: 'approve' } })]), { timeLimitMs: 4_000 }),
    lasts: 4_000,
    isEnd: (entry) => entry.kind === 'RUN' && entry.to !== 'RUNNING',
  },
  {
    name: 'J6: a delay',
    definition: flow(linear('f', [task('a', { type: 'pause' }), task('b')])),
    lasts: 5_000,
    isEnd: becomes('a', 'SUCCESS'),
  },
  {
    name: 'R11: the time that a stopped call has to end',
    definition: flow(linear('f', [limited('deaf', { timeLimitMs: 1_000 })])),
    lasts: 31_000,
    isEnd: (entry) => entry.kind === 'MARK' && entry.mark === 'IN_DOUBT',
  },
];

/** A scene in which calls of `slow…` end only when they are stopped, and calls of `deaf` never. */
function sceneOf({ fails = () => false }: Partial<Case>) {
  const counts = new Map<string, number>();
  const scene = new ConductorScene((call, signal) => {
    const name = `${call.kind} ${call.atom}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (name === 'apply deaf') return new Promise(() => {});
    const isSlow = name === 'apply slow' || name === 'revert slow_revert';
    if (!isSlow) return Promise.resolve(fails(name, count) ? broken : done);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(broken)));
  });
  // So late that an hour earlier is a time too.
  scene.network.jump(100 * HOUR);
  return scene;
}

/** Starts the job, sets the clock 600 ms later, and returns for how long the case lasted. */
async function lasted(one: Case, by: number): Promise<number> {
  const scene = sceneOf(one);
  const process = new SimulatedProcess(scene.network);
  const conductor = scene.start('c1', process.clock());
  const job = await scene.launch(conductor, one.definition);
  const began = scene.network.elapsed;
  await scene.pass(600);
  process.setClock(by);
  while (scene.network.elapsed - began < 2 * one.lasts + 2_000) {
    await scene.pass(100, 100);
    const entries = await scene.entries(job);
    if (entries.some((entry) => one.isEnd(entry, scene.calls))) return scene.network.elapsed - began;
    const times = entries.map(({ time }) => time);
    expect(times, 'L1').toEqual([...times].sort((a, b) => a - b));
  }
  return Infinity;
}

describe.each([
  ['an hour back', -HOUR],
  ['two minutes back', -120_000],
  ['not at all', 0],
  // Less than a lease, so that the claim stays and no limit begins anew.
  ['ten seconds forward', 10_000],
  ['an hour forward', HOUR],
])('a clock that is set %s', (_, by) => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s lasts as long as it was meant to', async (_name, one) => {
    const ms = await lasted(one, by);
    expect(ms).toBeGreaterThanOrEqual(one.lasts);
    // Time goes on 5 % slower after the clock was set back; the conductor looks for parked jobs four times a second.
    expect(ms).toBeLessThanOrEqual(one.lasts * 1.06 + 500);
  });

  it('J6: a time that a person gave is a time of the wall clock', async () => {
    const scene = sceneOf({});
    const process = new SimulatedProcess(scene.network);
    const clock = process.clock();
    const job = await scene.launch(scene.start('c1', clock), flow(linear('f', [task('a', { type: 'date' }), task('b')])));
    const until = clock.now() + 20_000;
    await scene.pass(600);
    process.setClock(by);
    const remains = Math.max(0, until - clock.now());
    await scene.pass(Math.max(0, remains - 500), 500);
    if (remains > 0) expect(scene.calls).toEqual([]);
    await scene.pass(6_000);
    expect(scene.calls).toEqual(['apply b']);
    expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
  });
});

it('A5: a process that begins behind the last entry of a job counts its limits from the takeover, and not an hour later', async () => {
  const scene = sceneOf({});
  const first = new SimulatedProcess(scene.network);
  const job = await scene.launch(scene.start('c1', first.clock()), flow(linear('f', [limited('slow', { timeLimitMs: 5_000 })])));
  await scene.pass(600);
  first.die();
  const second = new SimulatedProcess(scene.network);
  second.setClock(-HOUR);
  await scene.store.releaseAll();
  scene.start('c2', second.clock());
  await scene.pass(6_000);
  const ends = (await scene.entries(job)).filter(becomes('slow', 'FAILURE'));
  expect(ends).toHaveLength(1);
});

it('J6: a delay that was parked before the clock was set forward is offered once, and is parked again for the rest of its time', async () => {
  const scene = sceneOf({});
  const process = new SimulatedProcess(scene.network);
  const job = await scene.launch(scene.start('c1', process.clock()), flow(linear('f', [task('a', { type: 'pause' }), task('b')])));
  await scene.pass(600);
  process.setClock(HOUR);
  await scene.pass(4_000);
  const claims = (await scene.entries(job)).filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED');
  expect([claims.length, scene.calls, (await scene.store.get(job))?.state]).toEqual([2, [], 'WAITING']);
});
