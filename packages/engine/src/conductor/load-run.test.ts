import { expect, it } from 'vitest';
import { MemoryStore } from '../board/memory-store.ts';
import { systemClock } from '../clock.ts';
import { MemoryFlows } from '../definition/memory-flows.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { startConductor } from './conductor.ts';
import { RunLoader } from './load-run.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

it('L1: a logbook whose pages end early for their weight is loaded to its last entry', async () => {
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
