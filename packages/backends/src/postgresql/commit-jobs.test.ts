// A commit whose answer was lost is done again: it is answered as the first time, and nothing is written twice.
import { orderOf, startEntry } from '@windlass/engine/testing';
import type { JobCommit } from '@windlass/engine/ports';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { type PostgresUnderTest, hasPostgres, startTestPostgres } from '../testing/postgres-under-test.ts';
import { commitJobs, commitOrder } from './commit-jobs.ts';
import { openPool } from './connection.ts';

const parked: NonNullable<JobCommit['change']> = {
  ...{ state: 'WAITING', run: 'SUSPENDED', attention: null, wakeAt: null, forward: '', forwardKind: null, startedAt: 1, endedAt: null },
};
const DONE = { kind: 'done', value: 'committed' };
const LOST = { kind: 'done', value: 'claim-lost' };

describe.skipIf(!hasPostgres)('a commit on PostgreSQL whose answer was lost', () => {
  let postgres: PostgresUnderTest;
  let stores: Backends;
  let pool: pg.Pool;
  beforeAll(() => {
    postgres = startTestPostgres();
  });
  beforeEach(async () => {
    const databaseUrl = await postgres.newDatabase();
    stores = await postgres.open(databaseUrl);
    pool = openPool(databaseUrl);
  });
  afterEach(async () => {
    await pool.end();
    await stores.close();
  });
  afterAll(() => postgres.stop());

  const claimed = async () => {
    const { job } = await stores.board.post(orderOf(), 1);
    await stores.board.claim('c1', 1, 1);
    return job;
  };
  const commit = (again: boolean, ...commits: JobCommit[]) => commitJobs(pool, commits.map(commitOrder), again);
  const numbersOf = async (job: string) => (await stores.logbook.read(job, { after: 0, limit: 10 })).map(({ number }) => number);

  it('A2: entries are written once, and a commit beside it that was not done is done', async () => {
    const [one, other] = [await claimed(), await claimed()];
    const entries = (job: string) => ({ job, token: 1, entries: [startEntry(2, 1), startEntry(3, 1)] });
    expect(await commit(false, entries(one))).toEqual([DONE]);
    expect(await commit(true, entries(one))).toEqual([DONE]);
    expect(await commit(true, entries(one), entries(other))).toEqual([DONE, DONE]);
    for (const job of [one, other]) expect(await numbersOf(job)).toEqual([1, 2, 3]);
  });

  it('A2: other entries with the numbers of written ones are refused, and not taken for those', async () => {
    const job = await claimed();
    const entries = (time: number) => ({ job, token: 1, entries: [{ ...startEntry(2, 1), time }] });
    expect(await commit(false, entries(1))).toEqual([DONE]);
    expect(await commit(true, entries(2))).toMatchObject([{ kind: 'failed', cause: { code: 'LOGBOOK_BROKEN' } }]);
    expect(await numbersOf(job)).toEqual([1, 2]);
  });

  it('A2: the same while the first one is still under way', async () => {
    const job = await claimed();
    const entries = { job, token: 1, entries: [startEntry(2, 1)] };
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM job WHERE id = $1 FOR UPDATE', [job]);
    const answers = Promise.all([commit(true, entries), commit(true, entries)]);
    const waiting = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    try {
      await expect.poll(async () => (await pool.query<{ count: number }>(waiting)).rows[0]?.count).toBe(2);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect(await answers).toEqual([[DONE], [DONE]]);
    expect(await numbersOf(job)).toEqual([1, 2]);
  });

  it('J5: a commit that released the job is answered as done, and one of a claim that was lost is not', async () => {
    const job = await claimed();
    const released = { job, token: 1, entries: [], change: parked };
    expect([await commit(false, released), await commit(true, released)]).toEqual([[DONE], [DONE]]);
    await stores.board.claimJob(job, 'c2', 1);
    expect(await commit(true, released)).toEqual([LOST]);
    expect(await commit(true, { job, token: 1, entries: [startEntry(2, 1)] })).toEqual([LOST]);
    expect(await numbersOf(job)).toEqual([1]);
  });
});
