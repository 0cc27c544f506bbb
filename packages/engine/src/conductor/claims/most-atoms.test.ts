// J6: a process drives a bounded number of atoms; a larger run is driven with no other, and acts are
// carried out even above the bound.
import { afterEach, expect, it } from 'vitest';
import { MemoryStore } from '../../board/memory-store.ts';
import { systemClock } from '../../clock.ts';
import { MemoryFlows } from '../../definition/flows/memory-flows.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { fakeCatalog, flow, task, unordered } from '../../testing/flows.ts';
import { type Conductor, startConductor } from '../conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
let conductor: Conductor;
afterEach(() => conductor.stop(50));

/** Jobs of ten atoms whose calls end when the test says so. */
async function scene(atoms: number) {
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const tasks = Array.from({ length: 10 }, (_, index) => task(`t${index}`));
  const { id } = await flows.create(flow(unordered('root', tasks)), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const calls = new Map<string, (() => void)[]>();
  conductor = startConductor({
    ...{ board: store, logbook: store, flows, typeOf: typesFromCatalog(fakeCatalog), clock: systemClock, atoms },
    conductor: { id: 'c1', name: 'c1' },
    runner: {
      run: async ({ job }) => {
        await new Promise<void>((end) => calls.set(job, [...(calls.get(job) ?? []), end]));
        return { kind: 'done', output: {} };
      },
    },
  });
  const launch = async () => {
    const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    return posted.kind === 'posted' ? posted.job : '';
  };
  /** Ends the calls of a running job, and returns its id. */
  const end = async (): Promise<string> => {
    await expect.poll(() => [...calls.values()].some((ends) => ends.length === 10)).toBe(true);
    const [job = '', ends = []] = [...calls].find(([, waiting]) => waiting.length === 10) ?? [];
    calls.delete(job);
    for (const one of ends) one();
    return job;
  };
  return { store, calls, launch, end };
}

it('jobs with too many atoms together are driven one after another', async () => {
  const { store, calls, launch, end } = await scene(15);
  const jobs = [await launch(), await launch(), await launch()];
  const ended: string[] = [];
  for (const _ of jobs) {
    ended.push(await end());
    expect(calls.size, 'jobs under way at the same time').toBe(0);
  }
  expect(ended.sort()).toEqual(jobs.sort());
  for (const job of jobs) await expect.poll(async () => (await store.get(job))?.run).toBe('SUCCESS');
});

it('a run larger than the bound is driven, and with no other', async () => {
  const { store, calls, launch, end } = await scene(5);
  const jobs = [await launch(), await launch()];
  for (const _ of jobs) {
    await end();
    expect(calls.size, 'jobs under way at the same time').toBe(0);
  }
  for (const job of jobs) await expect.poll(async () => (await store.get(job))?.run).toBe('SUCCESS');
});

it('B7: an act on a job that waits because of the bound is carried out at once', async () => {
  const { store, calls, launch, end } = await scene(15);
  const first = await launch();
  await expect.poll(() => calls.get(first)?.length).toBe(10);
  const second = await launch();
  const answer = await conductor.act(second, { kind: 'CANCEL', reason: 'not now', then: 'revert' }, ana);
  expect(answer.kind).toBe('done');
  await expect.poll(async () => (await store.get(second))?.state).toBe('COMPLETE');
  await end();
  await expect.poll(async () => (await store.get(first))?.run).toBe('SUCCESS');
});
