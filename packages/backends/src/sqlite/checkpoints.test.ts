// A checkpoint that the driver wrote from its live run is what the stored logbook says: the entries come back from the
// database in another form than the driver had them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobChange, checkpointChecker, rowRebuilder, startConductor, systemClock } from '@windlass/engine/ports';
import type { JsonObject } from '@windlass/engine/definition';
import { typesFromCatalog } from '@windlass/engine/run';
import { fakeCatalog, flow, task, unordered } from '@windlass/engine/testing';
import { expect, it, vi } from 'vitest';
import { openBackends } from '../open-backends.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const typeOf = typesFromCatalog(fakeCatalog);

it('L1: the checkpoint of a live run and the replay of its stored entries agree, and a wrong checkpoint is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-checkpoints-'));
  const prismaFolder = join(import.meta.dirname, '../../../../prisma');
  const stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder });
  try {
    const tasks = Array.from({ length: 700 }, (_, at) => task(`t${at}`, at % 3 === 0 ? { type: 'leased', parameters: { at } } : {}));
    const { id } = await stores.flows.create(flow(unordered('root', tasks, 50)), ana, 1);
    await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    const troubles: unknown[] = [];
    const conductor = startConductor({
      ...stores,
      typeOf,
      runner: {
        // An undefined member is lost on the way through the database.
        run: async ({ kind, atom }) =>
          kind === 'apply' && atom === 't699.acquire'
            ? { kind: 'failed', failure: { code: 'BROKEN', message: 'no' } }
            : { kind: 'done', output: kind === 'apply' ? ({ of: atom, absent: undefined } as unknown as JsonObject) : null },
      },
      clock: systemClock,
      conductor: { id: 'c1', name: 'c1' },
      onTrouble: (_, cause) => troubles.push(cause),
    });
    const launched = await conductor.launch({ flow: id, version: 1, inputs: { n: 1 }, priority: 0, actor: ana, key: null });
    const job = launched.kind === 'posted' ? launched.job : '';
    await vi.waitFor(async () => expect((await stores.board.get(job))?.state).toBe('COMPLETE'), 240_000);
    await conductor.stop();
    const row = await stores.board.get(job);
    const kept = await stores.checkpoints.latest(job);
    if (row === undefined || kept === null) throw new Error('There is no checkpoint.');
    const checked = checkpointChecker({ ...stores, typeOf });
    expect(await checked(row)).toBeNull();
    await stores.checkpoints.keep(job, { ...kept, number: kept.number - 1 });
    const wrong = await checked(row);
    expect(wrong?.because).toBe(`Its checkpoint of entry ${kept.number - 1} differs from its logbook.`);
    await stores.checkpoints.keep(job, wrong?.right ?? kept);
    expect(await checked(row)).toBeNull();
    await stores.checkpoints.keep(job, { ...kept, number: 1_000_000 });
    expect((await checked(row))?.because).toBe('Its checkpoint is of entry 1000000, which its logbook does not have.');
    // A row is rebuilt by replay, whatever its checkpoint says.
    const rebuilt: JobChange = await rowRebuilder({ ...stores, typeOf })(row);
    expect(rebuilt.state).toBe('COMPLETE');
    expect(troubles).toEqual([]);
  } finally {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
