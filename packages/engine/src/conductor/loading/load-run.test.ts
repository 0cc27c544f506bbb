// A run that is loaded or read repeatedly always equals its logbook.
import { expect, it } from 'vitest';
import { MemoryStore } from '../../board/memory-store.ts';
import { systemClock } from '../../clock.ts';
import { MemoryFlows } from '../../definition/flows/memory-flows.ts';
import type { Entry } from '../../logbook/entry.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { snapshotOf } from '../../run/state/snapshot/snapshot-of.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { orderOf } from '../../testing/conformance/job-order.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { startConductor } from '../conductor.ts';
import { RunLoader } from './load-run.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

it('L1: a logbook whose pages end early because of their size is loaded to its last entry', async () => {
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const typeOf = typesFromCatalog(fakeCatalog);
  const { id } = await flows.create(
    flow(
      linear(
        'root',
        LETTERS.map((letter) => task(letter)),
      ),
    ),
    ana,
    1,
  );
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const conductor = startConductor({
    ...{ board: store, logbook: store, flows, typeOf, clock: systemClock, conductor: { id: 'c1', name: 'c1' } },
    runner: { run: async () => ({ kind: 'done', output: { text: 'x'.repeat(1_000_000) } }) },
  });
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  const job = posted.kind === 'posted' ? posted.job : '';
  await expect.poll(async () => (await store.get(job))?.state).toBe('COMPLETE');
  await conductor.stop(50);
  const [last] = await store.readBack(job, { before: Number.MAX_SAFE_INTEGER, limit: 1 });
  expect((await store.read(job, { after: 0, limit: 1_000 })).length).toBeLessThan(last?.number ?? 0);
  const row = await store.get(job);
  if (row === undefined) throw new Error('no such job');
  const run = await new RunLoader({ flows, logbook: store, typeOf }).load(row);
  expect([run.number, run.job, run.state]).toEqual([last?.number, 'COMPLETE', 'SUCCESS']);
  const loader = new RunLoader({ flows, logbook: store, typeOf });
  expect([(await loader.load(row, 12)).number, (await loader.view(row)).number]).toEqual([12, last?.number]);
});

it('L1: concurrent readers always get the fold of the present entries, and each entry is read once', async () => {
  const definition = flow(linear('f', [task('a'), task('b'), task('c')]));
  const { entries } = new TestRun({ definition, catalog: fakeCatalog }).go();
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const { job } = await store.post(orderOf({ flow: id, version: 1, inputs: {} }), 1);
  await store.claim('c1', 1, 1);
  let reads = 0;
  const logbook = {
    read: async (of: string, range: { after: number; limit: number }): Promise<readonly Entry[]> => {
      const page = await store.read(of, range);
      reads += page.length;
      return page;
    },
  };
  const loader = new RunLoader({ flows, logbook, typeOf: typesFromCatalog(fakeCatalog) });
  const row = { id: job, flow: id, version: 1, target: null };
  for (const entry of entries.slice(1)) {
    await store.commit({ job, token: 1, entries: [{ ...entry, token: 1 }] });
    const seen = await Promise.all([loader.view(row), loader.view(row)].map(async (run) => snapshotOf(await run)));
    const loaded = snapshotOf(await new RunLoader({ flows, logbook: store, typeOf: typesFromCatalog(fakeCatalog) }).load(row));
    expect(seen).toEqual([loaded, loaded]);
  }
  expect(reads).toBe(entries.length);
});

/** A published flow of one task, and a loader of its jobs. */
async function oneTask() {
  const flows = new MemoryFlows();
  const { id } = await flows.create(flow(linear('f', [task('a')])), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const store = new MemoryStore();
  const loader = new RunLoader({ flows, logbook: store, typeOf: typesFromCatalog(fakeCatalog) });
  return { id, store, loader };
}

it('a run is driven only after its readers have finished, so that they see committed entries alone', async () => {
  const { id, store, loader } = await oneTask();
  const { job } = await store.post(orderOf({ flow: id, inputs: {} }), 1);
  const row = { id: job, flow: id, version: 1, target: null };
  const read = loader.view(row).then(async (run) => {
    for (let turn = 0; turn < 100; turn += 1) await null;
    return run.number;
  });
  const driven = await loader.take(row);
  driven.number += 1;
  expect(await read).toBe(1);
});

it('an unknown job is not cached', async () => {
  const { id, store, loader } = await oneTask();
  const row = { id: 'job_000000000001', flow: id, version: 1, target: null };
  await expect(loader.view(row)).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
  await store.post(orderOf({ flow: id, inputs: {} }), 1);
  expect((await loader.view(row)).number).toBe(1);
});
