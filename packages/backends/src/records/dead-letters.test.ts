// J4 on real stores: a logbook that cannot be read, a flow version that is gone, and a database that is away for a while.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Conductor, startConductor } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';
import { type PostgresUnderTest, hasPostgres, prismaFolder, startTestPostgres } from '../testing/postgres-under-test.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const tryAgain = { kind: 'TRY_AGAIN', reason: 'mended' } as const;

interface Scene {
  readonly stores: Backends;
  /** Runs SQL as another program would. */
  readonly change: (sql: string) => Promise<unknown>;
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function conductorOn(stores: Backends): Conductor {
  const conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(fakeCatalog),
    runner: { run: async () => ({ kind: 'done', output: {} }) },
    conductor: { id: 'c1', name: 'c1' },
  });
  ends.push(() => conductor.stop(50));
  return conductor;
}

async function published({ flows }: Backends): Promise<string> {
  const { id } = await flows.create(flow(linear('root', [task('a'), task('b')])), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  return id;
}

async function posted({ board }: Backends, id: string): Promise<string> {
  const order = { flow: id, flowName: 'test', version: 1, inputs: {}, priority: 0, actor: ana, key: null };
  return (await board.post(order, 1)).job;
}

function testDeadLetters(open: () => Promise<Scene>): void {
  it('a row that is rebuilt from a logbook that ends under a claim: the job is offered again', async () => {
    const { stores } = await open();
    const job = await posted(stores, await published(stores));
    const row = { run: 'PENDING', forward: '', forwardKind: null, startedAt: null, endedAt: null, wakeAt: null } as const;
    await stores.setRow(job, { ...row, state: 'CLAIMED', attention: null });
    conductorOn(stores);
    await expect.poll(async () => (await stores.board.get(job))?.run).toBe('SUCCESS');
  });

  it('an unreadable logbook: the row says so and nothing is written; once it is mended, trying again carries the job out', async () => {
    const { stores, change } = await open();
    const job = await posted(stores, await published(stores));
    await change(`UPDATE logbook_record SET body = 'x' || body`);
    const conductor = conductorOn(stores);
    await expect.poll(async () => (await stores.board.get(job))?.attention).toBe('dead_lettered');
    const why = expect.stringContaining('cannot be read at entry 1');
    expect(await stores.board.get(job)).toMatchObject({
      state: 'WAITING',
      run: 'PENDING',
      forward: '',
      forwardKind: null,
      attentionNote: why,
      startedAt: null,
    });
    for (const act of [tryAgain, { kind: 'CANCEL', reason: '', then: 'revert' } as const]) {
      expect(await conductor.act(job, act, ana)).toMatchObject({ kind: 'refused', message: why });
    }
    await change('UPDATE logbook_record SET body = substr(body, 2)');
    expect(await stores.logbook.read(job, { after: 0, limit: 10 })).toHaveLength(1);
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'done' });
    await expect.poll(async () => (await stores.board.get(job))?.run).toBe('SUCCESS');
    expect(await stores.board.get(job)).toMatchObject({ attention: null, attentionNote: null });
  });

  it('an absent version: an entry has the reason; once it is back, trying again carries the job out', async () => {
    const { stores, change } = await open();
    const id = await published(stores);
    const job = await posted(stores, id);
    await change('UPDATE flow_version SET version = 7');
    const conductor = conductorOn(stores);
    await expect.poll(async () => (await stores.board.get(job))?.attention).toBe('dead_lettered');
    const note = expect.stringContaining('has no version 1');
    expect((await stores.logbook.read(job, { after: 1, limit: 10 })).at(-1)).toMatchObject({
      ...{ kind: 'JOB', number: 2, from: 'CLAIMED', to: 'WAITING', data: { attention: 'dead_lettered', note } },
    });
    await change('UPDATE flow_version SET version = 1');
    const row = { run: 'PENDING', forward: '', forwardKind: null, startedAt: null, endedAt: null, wakeAt: null } as const;
    await stores.setRow(job, { ...row, state: 'WAITING', attention: 'dead_lettered' });
    expect(await stores.board.get(job)).toMatchObject({ attention: 'dead_lettered', attentionNote: note });
    expect(await conductor.act(job, tryAgain, ana)).toMatchObject({ kind: 'done' });
    await expect.poll(async () => (await stores.board.get(job))?.run).toBe('SUCCESS');
  });
}

describe('on SQLite', () => {
  testDeadLetters(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'windlass-dead-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'w.db');
    const stores = await openBackends({ databaseUrl: `file:${file}`, prismaFolder });
    ends.push(() => stores.close());
    const change = async (sql: string) => {
      const other = new Database(file);
      other.exec(sql);
      other.close();
    };
    return { stores, change };
  });
});

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let postgres: PostgresUnderTest;
  beforeAll(() => {
    postgres = startTestPostgres();
  });
  afterAll(() => postgres.stop());

  const open = async () => {
    const databaseUrl = await postgres.newDatabase();
    const stores = await postgres.open(databaseUrl);
    ends.push(() => stores.close());
    return { stores, change: (sql: string) => postgres.query(databaseUrl, sql) };
  };
  testDeadLetters(open);

  it('connections that are cut again and again for a while give none of 60 jobs up', async () => {
    const { stores, change } = await open();
    const id = await published(stores);
    const jobs = await Promise.all(Array.from({ length: 60 }, () => posted(stores, id)));
    conductorOn(stores);
    // Loading, claiming and committing are under way in all of these cuts.
    for (let cuts = 30; cuts > 0; cuts -= 1) {
      await change('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    }
    const runs = async () => new Set((await Promise.all(jobs.map((job) => stores.board.get(job)))).map((row) => row?.run));
    await expect.poll(runs).toEqual(new Set(['SUCCESS']));
  });
});
