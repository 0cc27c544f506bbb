// Several processes on one PostgreSQL: who gets a job, who may write, who hears of what, and what a cut connection does.
import { LEASE_MS, WOKEN_AT } from '@windlass/engine/ports';
import type { Entry } from '@windlass/engine/run';
import { orderOf, startEntry } from '@windlass/engine/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backends } from '../backends.ts';
import { recordsOf } from '../records/record-source.ts';
import { verifyChain } from '../records/verify-chain.ts';
import { OwnConnection } from './connection.ts';
import { type PostgresUnderTest, hasPostgres, startTestPostgres } from '../testing/postgres-under-test.ts';

let postgres: PostgresUnderTest;
let databaseUrl: string;
const opened: Backends[] = [];

async function server(): Promise<Backends> {
  const stores = await postgres.open(databaseUrl);
  opened.push(stores);
  return stores;
}

const numbers = (entries: readonly Entry[]) => entries.map(({ number }) => number);
const from1 = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.skipIf(!hasPostgres)('several servers on one PostgreSQL', () => {
  beforeAll(() => {
    postgres = startTestPostgres();
  });
  beforeEach(async () => {
    databaseUrl = await postgres.newDatabase();
  });
  afterEach(async () => {
    for (const stores of opened.splice(0)) await stores.close();
  });
  afterAll(() => postgres.stop());

  it('migrate it once, though they start together', async () => {
    await Promise.all(from1(4).map(server));
    expect(await postgres.query(databaseUrl, 'SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL')).toEqual(
      await postgres.query(databaseUrl, 'SELECT count(DISTINCT migration_name) FROM _prisma_migrations'),
    );
  });

  it('J2: of eight conductors on four servers exactly one gets each of 200 jobs', async () => {
    const servers = await Promise.all(from1(4).map(server));
    for (let left = 200; left > 0; left -= 1) void servers[left % 4]?.board.post(orderOf(), 1);
    await vi.waitFor(async () => expect((await servers[0]?.board.counts())?.byState['UNCLAIMED']).toBe(200), 240_000);
    const claimed = await Promise.all(
      from1(8).map(async (index) => {
        const { board } = servers[index % 4] as Backends;
        const jobs: string[] = [];
        for (let found = 1; found > 0; ) {
          const claims = await board.claim(`c${index}`, 7, 2);
          jobs.push(...claims.map(({ job }) => job));
          found = claims.length;
        }
        return jobs;
      }),
    );
    const all = claimed.flat();
    expect([all.length, new Set(all).size]).toEqual([200, 200]);
    expect(claimed.filter((jobs) => jobs.length > 0).length).toBeGreaterThan(1);
  });

  it('J4, P9: a dead letter wakes the job that launched it, also when the row of that job is locked at that moment', async () => {
    const { board } = await server();
    const { job: parent } = await board.post(orderOf(), 1);
    await board.claim('c1', 1, 1);
    const { job } = await board.post({ ...orderOf(), parent: { job: parent, atom: 'go' } }, 1);
    await board.claim('c1', 1, 1);
    const parked = `state = 'WAITING', run = 'RUNNING', owner = NULL, lease_until = NULL, wake_at = NULL`;
    await postgres.query(databaseUrl, `UPDATE job SET ${parked} WHERE id = '${parent}'`);
    await postgres.query(databaseUrl, `UPDATE job SET lease_until = 0, reclaims = 5 WHERE id = '${job}'`);
    const client = await OwnConnection.open(databaseUrl);
    await client.query('BEGIN');
    await client.query('SELECT FROM job WHERE id = $1 FOR UPDATE', [parent]);
    const claimed = board.claim('c2', 1, 1);
    await vi.waitFor(async () => expect(await board.get(job)).toMatchObject({ attention: 'dead_lettered' }), 30_000);
    await client.query('COMMIT');
    await client.end();
    await claimed;
    expect(await board.get(parent)).toMatchObject({ state: 'WAITING', wakeAt: WOKEN_AT });
  });

  it('J3: a server that lost its claim writes nothing, however late it wakes', async () => {
    const [first, second] = [await server(), await server()];
    const { job } = await first.board.post(orderOf(), 1);
    await first.board.claim('c1', 1, 1);
    await first.logbook.commit({ job, token: 1, entries: [startEntry(2, 1)] });
    await postgres.timeOf(databaseUrl).pass(LEASE_MS);
    const [claim] = await second.board.claim('c2', 1, 2);
    expect(claim).toMatchObject({ job, token: 2 });
    const late = first.logbook.commit({ job, token: 1, entries: [startEntry(3, 1)] });
    const ours = second.logbook.commit({ job, token: 2, entries: [startEntry(3, 2)] });
    expect([await late, await ours]).toEqual(['claim-lost', 'committed']);
    expect(numbers(await first.logbook.read(job, { after: 0, limit: 10 }))).toEqual([1, 2, 3]);
  });

  it('J4: what a server held that is gone is offered again at once, and what a living one holds is not', async () => {
    const [first, second, third] = [await server(), await server(), await server()];
    for (let left = 2; left > 0; left -= 1) await first.board.post(orderOf(), 1);
    await first.board.claim('dying', 1, 1);
    await third.board.claim('living', 1, 1);
    await opened.shift()?.close();
    const claims = await vi.waitFor(async () => {
      const found = await second.board.claim('c2', 5, 2);
      expect(found).not.toEqual([]);
      return found;
    }, 240_000);
    // Well before the lease would have ended, and the other one not at all.
    expect(claims).toHaveLength(1);
    await second.board.releaseAll(2);
    expect(await second.board.claim('c2', 5, 2)).toEqual([]);
  });

  it('J7: a job that is posted here is heard of there, without a look', async () => {
    const [first, second] = [await server(), await server()];
    for (let round = 0; round < 10; round += 1) {
      const heard = new Promise<void>((resolve) => {
        const stop = second.board.onPosted(() => {
          stop();
          resolve();
        });
      });
      await first.board.post(orderOf(), 1);
      await heard;
    }
  });

  it('L4: what is written here is followed there with no gap and no duplicate', async () => {
    const [first, second] = [await server(), await server()];
    const { job } = await first.board.post(orderOf(), 1);
    await first.board.claim('c1', 1, 1);
    const followed: number[] = [];
    second.logbook.follow(job, (entries) => followed.push(...numbers(entries)));
    const snapshot = numbers(await second.logbook.read(job, { after: 0, limit: 1_000 }));
    for (let number = 2; number <= 120; number += 1) {
      await first.logbook.commit({ job, token: 1, entries: [startEntry(number, 1)] });
    }
    await vi.waitFor(() => expect(followed.at(-1)).toBe(120), 240_000);
    expect(new Set([...snapshot, ...followed])).toEqual(new Set(from1(120)));
    expect(followed).toEqual([...followed].sort((a, b) => a - b));
  });

  it('A2, L3: connections that are cut in the middle of commits lose nothing and write nothing twice', async () => {
    const stores = await server();
    const jobs = await Promise.all(from1(8).map(async () => (await stores.board.post(orderOf(), 1)).job));
    await stores.board.claim('c1', 8, 1);
    let isOver = false;
    const cutting = (async () => {
      while (!isOver) {
        await postgres.query(
          databaseUrl,
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    })();
    await Promise.all(
      jobs.map(async (job) => {
        for (let number = 2; number <= 300; number += 1) {
          expect(await stores.logbook.commit({ job, token: 1, entries: [startEntry(number, 1)] })).toBe('committed');
        }
      }),
    );
    isOver = true;
    await cutting;
    for (const job of jobs) {
      await vi.waitFor(
        async () => expect(numbers(await stores.logbook.read(job, { after: 0, limit: 1_000 }))).toEqual(from1(300)),
        240_000,
      );
      const recorded = await stores.records.job(job);
      expect(recorded && (await verifyChain(job, recordsOf(stores.records, recorded)))).toMatchObject({
        entries: 300,
        unchained: 0,
        findings: [],
      });
    }
  });

  it('B4: an act on a job that is released before a server takes the act is taken back, and the asker may claim the job', async () => {
    const [first, second] = [await server(), await server()];
    const { job } = await first.board.post(orderOf(), 1);
    const order = { act: { kind: 'SUSPEND', reason: '' }, by: { kind: 'person', id: 'ana', name: 'ana' } } as const;
    expect(await second.board.relay?.ask(job, order, Date.now())).toBeNull();
    // A server that does not drive the job after all gives the act back; the next holder takes it.
    await first.board.claimJob(job, 'c1', 1);
    const asked: string[] = [];
    const stops = [
      first.board.relay?.serve('c1', async () => {
        asked.push('c1');
        await postgres.query(databaseUrl, "UPDATE job SET owner = 'c2'");
        return null;
      }),
      second.board.relay?.serve('c2', async () => {
        asked.push('c2');
        return { kind: 'done', number: 7 };
      }),
    ];
    expect(await second.board.relay?.ask(job, order, Date.now())).toEqual({ kind: 'done', number: 7 });
    expect(asked).toEqual(['c1', 'c2']);
    for (const stop of stops) stop?.();
    expect(await postgres.query(databaseUrl, 'SELECT count(*) FROM act_request')).toEqual(['0']);
  });

  it('two who save the same draft: the second is told that it has changed', async () => {
    const [first, second] = [await server(), await server()];
    const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
    const definition = {
      schemaVersion: 1,
      name: 'f',
      root: { kind: 'flow', id: 'root', name: 'f', pattern: 'linear', items: [], links: [] },
    } as never;
    const { id } = await first.flows.create(definition, ana, 1);
    expect((await second.flows.saveDraft({ flow: id, revision: 1, definition }, ana, 2)).kind).toBe('saved');
    expect((await first.flows.saveDraft({ flow: id, revision: 1, definition }, ana, 3)).kind).toBe('changed');
  });

  it.each([
    ['nobody is there', 'postgresql://ana:hunter2@127.0.0.1:1/windlass', /cannot be reached.*WINDLASS_DATABASE_URL/],
    ['the database is not there', '', /There is no database nowhere/],
  ])('%s: says so in a sentence, without the password', async (_, url, words) => {
    const wanted = url === '' ? databaseUrl.replace(/\/\/\/\w+/, '///nowhere') : url;
    const refusal = await postgres.open(wanted).then(
      () => '',
      (thrown: Error) => thrown.message,
    );
    expect(refusal).toMatch(words);
    expect(refusal).not.toContain('hunter2');
  });

  it('somebody else’s database is left alone', async () => {
    await postgres.query(databaseUrl, 'CREATE TABLE theirs (x int)');
    await expect(postgres.open(databaseUrl)).rejects.toThrow(/was not written by Windlass \(it has a table theirs\)/);
  });
});
