// PostgreSQL as a store that is measured, where it is installed: a server of the case's own, with syncs.
import { openBackends } from '@windlass/backends';
import pg from 'pg';
import { resolve } from 'node:path';
import { findPostgres, startPostgres } from '../../prisma/testing/postgres.ts';
import { quantile, round } from './figures.ts';
import { type Limits, appendLimits } from './limits.ts';
import type { BenchStore } from './bench-store.ts';

const prismaFolder = resolve(import.meta.dirname, '../../prisma');
const SIZE = `SELECT sum(pg_total_relation_size(oid))::text FROM pg_class WHERE relname IN ('job', 'logbook_record')`;
const RAW_FOR_MS = 400;

const programs = findPostgres();

/** Null where PostgreSQL is not installed. */
export const postgresStore: BenchStore | null =
  programs === null
    ? null
    : {
        name: 'postgresql',
        durable: true,
        async place() {
          const postgres = startPostgres(programs, { durable: true });
          await postgres.query('postgres', 'CREATE DATABASE bench');
          return {
            address: postgres.url('bench'),
            bytes: async () => {
              // Writes that wait for the tables are counted too, and dead rows are not.
              await postgres.query('bench', 'VACUUM');
              return Number((await postgres.query('bench', SIZE))[0]);
            },
            remove: async () => postgres.stop(),
          };
        },
        open: (address) => openBackends({ databaseUrl: address, prismaFolder }),
        limit: () => postgresLimits(programs),
      };

/** Appends with fdatasync; one row a commit on one connection: a second, and the median of one in ms. */
async function postgresLimits(folder: string): Promise<Limits> {
  const postgres = startPostgres(folder, { durable: true });
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  try {
    await client.query('CREATE TABLE t (id bigserial PRIMARY KEY, body text)');
    const times: number[] = [];
    for (let now = performance.now(), ends = now + RAW_FOR_MS; now < ends; ) {
      await client.query({ name: 'append', text: 'INSERT INTO t (body) VALUES ($1)', values: ['x'.repeat(200)] });
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
    return {
      ...(await appendLimits()),
      limit_commits_per_s: Math.round((times.length * 1_000) / RAW_FOR_MS),
      limit_commit_p50_ms: round(quantile(times, 0.5)),
    };
  } finally {
    await client.end();
    postgres.stop();
  }
}
