// Checkpoints from the driver to the store and back: a run loaded from a checkpoint equals its replay, only the rest of
// the logbook is read, and a checkpoint that does not match is ignored.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../board/memory-store.ts';
import type { JobRow } from '../../board/job.ts';
import { systemClock, systemPause } from '../../clock.ts';
import { MemoryFlows } from '../../definition/flows/memory-flows.ts';
import { type Checkpoint, MemoryCheckpoints } from '../../logbook/checkpoint-store.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { compileFlow, compileInSlices } from '../../run/graph/compiler.ts';
import { fingerprintInSlices } from '../../run/graph/flow-fingerprint.ts';
import { checkpointOf } from '../../run/state/checkpoint/checkpoint.ts';
import { emptyRun } from '../../run/state/run.ts';
import type { Slices } from '../../slices.ts';
import { orderOf } from '../../testing/conformance/job-order.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { startConductor } from '../conductor.ts';
import { CHECKPOINT_EVERY, Checkpoints } from './checkpoints.ts';
import { RunLoader } from './load-run.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const TASKS = 1_200;
const typeOf = typesFromCatalog(fakeCatalog);

const store = new MemoryStore();
const flows = new MemoryFlows();
const checkpoints = new MemoryCheckpoints();
let row: JobRow;
let replayed: string;

/** Entries that are read before a checkpoint is looked for. */
const SHORT = 64;

const tasksOf = (count: number) => Array.from({ length: count }, (_, at) => task(`t${at}`));

/** The logbook, counting the entries read. */
function counting(logbook: Pick<LogbookStore, 'read'>) {
  const counted = { read: 0 };
  const read: LogbookStore['read'] = async (job, range) => {
    const page = await logbook.read(job, range);
    counted.read += page.length;
    return page;
  };
  return { counted, logbook: { read } };
}

/** The run that a new process loads with this checkpoint, and the number of entries that it reads. */
async function loadWith(checkpoint: Checkpoint | null) {
  const kept = new MemoryCheckpoints();
  if (checkpoint !== null) await kept.keep(row.id, checkpoint);
  const troubles: unknown[] = [];
  const { counted, logbook } = counting(store);
  const loader = new RunLoader({ flows, logbook, typeOf, checkpoints: kept, onTrouble: (_, cause) => troubles.push(cause) });
  const run = await loader.load(row);
  await loader.settled();
  return { state: JSON.stringify(checkpointOf(run)), read: counted.read, kept: await kept.latest(row.id), troubles };
}

beforeAll(async () => {
  const { id } = await flows.create(flow(linear('root', tasksOf(TASKS))), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const conductor = startConductor({
    ...{ board: store, logbook: store, flows, typeOf, checkpoints, clock: systemClock, conductor: { id: 'c1', name: 'c1' } },
    // Each call lets the event loop continue, as a real task does.
    runner: { run: () => systemPause().then(() => ({ kind: 'done', output: {} })) },
  });
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  const job = posted.kind === 'posted' ? posted.job : '';
  await vi.waitFor(async () => expect((await store.get(job))?.state).toBe('COMPLETE'), 240_000);
  await conductor.stop(50);
  row = (await store.get(job)) as JobRow;
  replayed = JSON.stringify(checkpointOf(await new RunLoader({ flows, logbook: store, typeOf }).load(row)));
});

const own = async () => (await checkpoints.latest(row.id)) as Checkpoint;

it('the driver writes a checkpoint while it goes on, and a new process reads only the rest of the logbook', async () => {
  const { number } = await own();
  const entries = (await store.readBack(row.id, { before: Number.MAX_SAFE_INTEGER, limit: 1 }))[0]?.number ?? 0;
  expect(number).toBeGreaterThanOrEqual(1_000);
  expect(entries - number).toBeLessThanOrEqual(1_000);
  const loaded = await loadWith(await own());
  expect(loaded.state).toBe(replayed);
  // The last entry of the checkpoint is read again, to check that the logbook has it.
  expect(loaded.read).toBe(SHORT + entries - number + 1);
});

it('no checkpoint is looked for where the logbook is short', async () => {
  const { id } = await flows.create(flow(linear('root', tasksOf(2))), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const { job } = await store.post(orderOf({ flow: id, inputs: {} }), 1);
  const looked: string[] = [];
  const latest = async (asked: string) => {
    looked.push(asked);
    return null;
  };
  const loader = new RunLoader({ flows, logbook: store, typeOf, checkpoints: { latest, keep: async () => {} } });
  expect((await loader.load((await store.get(job)) as JobRow)).number).toBe(1);
  await loader.load(row);
  expect(looked).toEqual([row.id]);
});

it('a running job gets a checkpoint for each 1,000 entries, and later for each quarter of all; a job at rest after 1,000', async () => {
  const numbers: number[] = [];
  const kept = { latest: async () => null, keep: async (_: string, { number }: Checkpoint) => void numbers.push(number) };
  const written = new Checkpoints({
    store: kept,
    pause: async () => {},
    every: 1_000,
    onTrouble: (_, cause) => expect.fail(String(cause)),
  });
  const { run } = new TestRun({ definition: flow(linear('root', [task('a')])), catalog: fakeCatalog }).claim();
  const at = async (number: number) => {
    run.number = number;
    written.consider('j', run, { time: 1 });
    await written.settled();
  };
  for (let number = 100; number <= 20_000; number += 100) await at(number);
  expect(numbers).toEqual([1_000, 2_000, 3_000, 4_000, 5_400, 7_200, 9_600, 12_800, 17_100]);
  run.job = 'WAITING';
  for (const number of [18_000, 18_100]) await at(number);
  expect(numbers.slice(9)).toEqual([18_100]);
});

it('all checkpoints of a large flow together copy at most five atoms for each entry', async () => {
  const kept: number[] = [];
  const counting = { latest: async () => null, keep: async (_: string, { number }: Checkpoint) => void kept.push(number) };
  const writing = new Checkpoints({ store: counting, pause: async () => {}, every: CHECKPOINT_EVERY, onTrouble: () => {} });
  const large = emptyRun(compileFlow(flow(linear('root', tasksOf(20_000))), typeOf));
  large.job = 'CLAIMED';
  for (large.number = 500; large.number < 12_000; large.number += 500) {
    writing.consider('large', large, { time: 1 });
    await writing.settled();
  }
  expect(kept).not.toEqual([]);
  expect(kept.length * large.atoms.length).toBeLessThanOrEqual(5 * large.number);
});

it('a job without a checkpoint gets one when it is loaded', async () => {
  const loaded = await loadWith(null);
  expect(loaded.state).toBe(replayed);
  expect(loaded.kept?.number).toBe(loaded.read);
});

it('the loop turns while a flow is compiled and compared with its checkpoint, after each thousand entries of a replay, and after each thousand atoms of a restored run, so that leases are renewed', async () => {
  const published = await flows.getVersion(row.flow, row.version);
  const turns = (work: Slices<unknown>) => Math.floor([...work].length / 10);
  const COMPILING = 2 + turns(compileInSlices(published, typeOf, () => undefined));
  const COMPARING = turns(fingerprintInSlices(compileFlow(published, typeOf)));
  expect(COMPILING).toBeGreaterThan(TASKS / 1_000);
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  const replayed = await new RunLoader({ flows, logbook: store, typeOf, pause }).load(row);
  expect(pauses).toBe(COMPILING + Math.floor(replayed.number / 1_000));
  const { kept } = await loadWith(null);
  pauses = 0;
  const restored = new RunLoader({ flows, logbook: store, typeOf, checkpoints: { latest: async () => kept, keep: async () => {} }, pause });
  expect((await restored.load(row)).number).toBe(replayed.number);
  expect(pauses).toBe(COMPILING + COMPARING + Math.floor(TASKS / 1_000));
});

it('a run as of an entry before its checkpoint is replayed', async () => {
  const { number } = await own();
  const loader = new RunLoader({ flows, logbook: store, typeOf, checkpoints });
  expect((await loader.load(row, number - 1)).number).toBe(number - 1);
  expect((await loader.load(row, number + 1)).number).toBe(number + 1);
});

describe('ignored, and the run is replayed from entry 1', () => {
  const spoiled: Record<string, (good: Checkpoint) => Checkpoint> = {
    'a checkpoint with one character changed': (good) => ({ ...good, body: good.body.replace('"SUCCESS"', '"FAILURE"') }),
    'a checkpoint cut off at a line': (good) => ({ ...good, body: good.body.split('\n').slice(0, -1).join('\n') }),
    'a checkpoint cut off in a line': (good) => ({ ...good, body: good.body.slice(0, -10) }),
    'an empty checkpoint': (good) => ({ ...good, body: '' }),
    'a checkpoint of another version of the fold': (good) => ({ ...good, fold: '0-old' }),
    'a checkpoint of another compiled flow': (good) => ({ ...good, flow: 'another' }),
    'a checkpoint with a wrong entry number': (good) => ({ ...good, number: good.number + 1 }),
  };
  it.each(Object.entries(spoiled))('%s', async (_, spoil) => {
    const loaded = await loadWith(spoil(await own()));
    expect(loaded.state).toBe(replayed);
    expect(loaded.read).toBeGreaterThanOrEqual(2 * TASKS);
    // A valid checkpoint has replaced it.
    expect((await loadWith(loaded.kept)).read).toBe(SHORT + 1);
  });

  it('a checkpoint of entries that the logbook does not have, as after a restored backup', async () => {
    const { number } = await own();
    const short: Pick<LogbookStore, 'read'> = {
      read: async (job, range) => (await store.read(job, range)).filter((entry) => entry.number < number),
    };
    const run = await new RunLoader({ flows, logbook: short, typeOf, checkpoints }).load(row);
    expect(run.number).toBe(number - 1);
  });

  it('a checkpoint whose last entry differs from the one in the logbook', async () => {
    const { number } = await own();
    const other: Pick<LogbookStore, 'read'> = {
      read: async (job, range) =>
        (await store.read(job, range)).map((entry) => (entry.number === number ? { ...entry, time: entry.time + 1 } : entry)),
    };
    const { counted, logbook } = counting(other);
    await new RunLoader({ flows, logbook, typeOf, checkpoints }).load(row);
    expect(counted.read).toBeGreaterThanOrEqual(2 * TASKS);
  });

  it('a store of checkpoints that fails, and the failure is reported', async () => {
    const failing = { latest: () => Promise.reject(new Error('gone')), keep: () => Promise.reject(new Error('gone')) };
    const troubles: unknown[] = [];
    const loader = new RunLoader({ flows, logbook: store, typeOf, checkpoints: failing, onTrouble: (_, cause) => troubles.push(cause) });
    expect(JSON.stringify(checkpointOf(await loader.load(row)))).toBe(replayed);
    await loader.settled();
    expect(troubles).toHaveLength(2);
  });
});
