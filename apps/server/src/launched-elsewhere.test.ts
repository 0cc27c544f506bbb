// P9, B4: rolling back a job whose launched job another server is working on, on PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backends, openBackends } from '@windlass/backends';
import { flowDefinitionSchema } from '@windlass/engine/definition';
import { type Conductor, inProcessRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { catalogOf, defineTask } from '@windlass/engine/task';
import { FilesRoot, HttpClient, taskTypes } from '@windlass/tasks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Postgres, findPostgres, startPostgres } from '../../../prisma/testing/postgres.ts';
import { launchedJobs } from './launched-jobs.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const programs = findPostgres();

describe.skipIf(programs === null)('two servers on one PostgreSQL', () => {
  let postgres: Postgres;
  const folder = mkdtempSync(join(tmpdir(), 'windlass-elsewhere-'));
  const servers: { readonly stores: Backends; readonly conductor: Conductor }[] = [];
  beforeAll(async () => {
    postgres = startPostgres(programs ?? '');
    await postgres.query('postgres', 'CREATE DATABASE elsewhere');
  });
  afterEach(async () => {
    for (const { conductor } of servers) await conductor.stop(50);
    for (const { stores } of servers.splice(0)) await stores.close();
  });
  afterAll(() => {
    postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Ends of the calls of `test.held`, by the id of their step. */
  const ends = new Map<string, () => void>();
  const held = defineTask({
    ...{ type: 'test.held', version: 1, title: 'Held', summary: 'The test ends it.', icon: 'box', group: 'Test' },
    ...{ input: z.object({}), output: z.object({}), effects: { kind: 'none' }, repeatable: true },
    apply: (_, { atom, signal }) =>
      new Promise<Record<string, never>>((resolve, reject) => {
        ends.set(atom, () => resolve({}));
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });

  /** Its apply ends only when it is told to stop. */
  const endless = defineTask({
    ...{ type: 'test.endless', version: 1, title: 'Endless', summary: 'It never ends by itself.', icon: 'box', group: 'Test' },
    ...{ input: z.object({}), output: z.object({}), effects: { kind: 'reversible', undo: 'nothing stays' }, repeatable: true },
    apply: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    revert: async () => {},
  });

  async function start(name: string, capacity = 10) {
    const stores = await openBackends({
      databaseUrl: postgres.url('elsewhere'),
      prismaFolder: join(import.meta.dirname, '../../../prisma'),
    });
    const catalog = catalogOf([...taskTypes, endless, held]);
    const files = new FilesRoot(join(folder, name));
    const world = { files, http: new HttpClient([]), commands: 'off' as const, jobs: launchedJobs(stores, () => conductor) };
    const conductor: Conductor = startConductor({
      ...stores,
      typeOf: typesFromCatalog(catalog),
      runner: inProcessRunner({ catalog, world, secrets: { resolve: async () => undefined }, log: () => {} }),
      clock: systemClock,
      conductor: { id: name, name },
      capacity,
    });
    servers.push({ stores, conductor });
    return { stores, conductor };
  }

  it('P9: the launched job that the other server works on is cancelled there, and then the launch is undone', async () => {
    const { stores, conductor: first } = await start('c1');
    const publish = async (item: object) => {
      const root = { kind: 'flow', id: 'root', name: 'root', pattern: 'linear', items: [{ kind: 'task', id: 'a', name: 'a', ...item }] };
      const { id } = await stores.flows.create(flowDefinitionSchema.parse({ schemaVersion: 1, name: 'test', root }), ana, 1);
      await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
      return id;
    };
    const flow = await publish({ type: 'test.endless' });
    const launching = await publish({
      ...{ type: 'flow.launch', parameters: { flow, version: 1, wait: false } },
      revertPolicy: { attempts: 1, delayMs: 0 },
    });
    const posted = await first.launch({ flow: launching, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    const job = posted.kind === 'posted' ? posted.job : '';
    const rowOf = async (id: string) => stores.board.get(id);
    const child = async () => (await stores.board.list({ limit: 10 })).rows.find(({ parent }) => parent === job);
    await expect.poll(async () => (await rowOf(job))?.run).toBe('SUCCESS');
    await expect.poll(async () => (await child())?.run).toBe('RUNNING');
    expect(await child()).toMatchObject({ state: 'CLAIMED', owner: 'c1' });
    const { conductor: second } = await start('c2');
    const { hash } = await second.plan(job, { kind: 'job' });
    const act = { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash } as const;
    expect(await second.act(job, act, ana)).toMatchObject({ kind: 'done' });
    await expect.poll(async () => (await rowOf(job))?.run).toMatch(/^REVERT(ED|_FAILED)$/);
    expect((await second.snapshot(job)).atoms[0]?.revertFailure ?? null).toBeNull();
    expect([(await rowOf(job))?.run, (await child())?.run, (await child())?.forward]).toEqual(['REVERTED', 'REVERTED', 'cancelled']);
    const claimers = (await stores.logbook.read(job, { after: 0, limit: 100 })).flatMap((entry) =>
      entry.kind === 'JOB' && entry.to === 'CLAIMED' ? [entry.actor.id] : [],
    );
    expect(claimers[1]).toBe('c2');
  });

  it('P9: a job that goes on beside its wait hears at once of the end of the job that the other server drives', async () => {
    const { stores, conductor: first } = await start('c1', 1);
    const publish = async (root: object) => {
      const { id } = await stores.flows.create(flowDefinitionSchema.parse({ schemaVersion: 1, name: 'test', root }), ana, 1);
      await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
      return id;
    };
    const flowOf = (pattern: string, items: object[]) => ({ kind: 'flow', id: 'root', name: 'root', pattern, items });
    const step = (id: string, type: string, more: object = {}) => ({ kind: 'task', id, name: id, type, ...more });
    const child = await publish(flowOf('linear', [step('childs', 'test.held')]));
    const launching = step('go', 'flow.launch', { parameters: { flow: child, version: 1, wait: true } });
    const parent = await publish(flowOf('unordered', [launching, step('parents', 'test.held')]));
    const posted = await first.launch({ flow: parent, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    const job = posted.kind === 'posted' ? posted.job : '';
    await expect.poll(() => ends.has('parents')).toBe(true);
    // The first server has no room for the launched job.
    await start('c2');
    const launched = async () => (await stores.board.list({ limit: 10 })).rows.find((row) => row.parent === job);
    await expect.poll(async () => (await launched())?.owner).toBe('c2');
    await expect.poll(() => ends.has('childs')).toBe(true);
    ends.get('childs')?.();
    const stateOf = async (id: string) => (await first.snapshot(job)).atoms.find(({ atom }) => atom === id)?.state;
    await expect.poll(() => stateOf('go')).toBe('SUCCESS');
    expect(await stores.board.get(job)).toMatchObject({ state: 'CLAIMED', owner: 'c1' });
    const entries = await stores.logbook.read(job, { after: 0, limit: 100 });
    const [waits, asked] = entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.atom === 'go' ? [entry] : [])).slice(1);
    expect([waits?.to, asked?.data?.repeated]).toEqual(['WAITING', true]);
    expect(asked?.time, 'before the time of its next look').toBeLessThan(waits?.data?.waiting?.until ?? 0);
    ends.get('parents')?.();
    await expect.poll(async () => (await stores.board.get(job))?.run).toBe('SUCCESS');
  });
});
