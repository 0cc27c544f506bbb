// Bulk acts on a real store, whose server dies after it has acted on jobs and before it has stored the outcomes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BulkRunner, type Conductor, startConductor, systemClock } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';

const prismaFolder = join(import.meta.dirname, '../../../../prisma');
const ana = { kind: 'person', id: 'ana', name: 'Ana' } as const;
let folder: string;
let stores: Backends;
let conductor: Conductor;
let troubles: string[];

beforeEach(async () => {
  troubles = [];
  folder = mkdtempSync(join(tmpdir(), 'windlass-bulk-'));
  stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder });
  conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(fakeCatalog),
    runner: { run: () => new Promise(() => {}) },
    conductor: { id: 'c1', name: 'c1' },
  });
});
afterEach(async () => {
  await conductor.stop(0);
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

async function runningJob(flowId: string): Promise<string> {
  const answer = await conductor.launch({ flow: flowId, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  if (answer.kind !== 'posted') throw new Error(answer.kind);
  await expect.poll(async () => (await stores.board.get(answer.job))?.run).toBe('RUNNING');
  return answer.job;
}

/** Carries out the bulk acts by one server, which is stopped then. */
async function carryOut(isOver: () => Promise<boolean>): Promise<void> {
  const runner = new BulkRunner({
    ...{ store: stores.bulkActs, operator: conductor, logbook: stores.logbook, clock: systemClock, server: 's1' },
    onTrouble: (cause) => troubles.push(String(cause)),
  });
  runner.wake();
  await expect.poll(isOver).toBe(true);
  await runner.stop();
}

it('L2: the next server finds the acts of a dead one by the number in their entries, and not by words that a person wrote', async () => {
  const { id } = await stores.flows.create(flow(linear('root', [task('a')])), ana, 1);
  await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const [acted, worded] = [await runningJob(id), await runningJob(id)];
  expect(await conductor.act(worded, { kind: 'SUSPEND', reason: 'as in (bulk act 1)' }, ana)).toMatchObject({ kind: 'done' });
  const act = { kind: 'SUSPEND', reason: 'lunch' } as const;
  const bulk = await stores.bulkActs.post({ act, actor: ana, search: '', jobs: [acted, worded] }, 1);
  expect(bulk).toBe(1);

  const { bulkActs } = stores;
  const settle = bulkActs.settle.bind(bulkActs);
  let hasDied = false;
  bulkActs.settle = () => {
    hasDied = true;
    return Promise.reject(new Error('The process is gone.'));
  };
  await carryOut(async () => hasDied);
  bulkActs.settle = settle;
  await bulkActs.releaseAll();
  await carryOut(async () => (await bulkActs.get(bulk))?.state === 'ENDED');

  expect(troubles).toEqual(['Error: The process is gone.']);
  const settled = await bulkActs.jobs(bulk, { after: -1, limit: 9 });
  expect(settled.map(({ outcome }) => outcome)).toEqual(['done', 'refused']);
  const entries = await stores.logbook.read(acted, { after: 0, limit: 100 });
  expect(entries.filter(({ kind }) => kind === 'ACT')).toMatchObject([{ reason: 'lunch (bulk act 1)', data: { bulk: 1 } }]);
});
