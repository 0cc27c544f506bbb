// A real PostgreSQL for tests, with as many databases as they like.
import { join } from 'node:path';
import { findPostgres, startPostgres } from '../../../../prisma/testing/postgres.ts';
import type { BoardTime } from '@windlass/engine/conformance';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';

export const prismaFolder = join(import.meta.dirname, '../../../../prisma');

export interface PostgresUnderTest {
  /** The address of an empty database. */
  newDatabase(): Promise<string>;
  open(databaseUrl: string): Promise<Backends>;
  /** Its clock cannot be moved, so passing time is subtracted from every stored time in the future. */
  timeOf(databaseUrl: string): BoardTime;
  /** Runs SQL in the database of that address. */
  query(databaseUrl: string, sql: string): Promise<string[]>;
  stop(): void;
}

/** Starts one; throws where none is installed. */
export function startTestPostgres(): PostgresUnderTest {
  const programs = findPostgres();
  if (programs === null) throw new Error('PostgreSQL is not installed.');
  const postgres = startPostgres(programs);
  const nameOf = (databaseUrl: string) => /\/\/\/(\w+)/.exec(databaseUrl)?.[1] ?? '';
  let count = 0;
  return {
    async newDatabase() {
      count += 1;
      const name = `w${count}`;
      await postgres.query('postgres', `CREATE DATABASE ${name}`);
      return postgres.url(name);
    },
    open: (databaseUrl) => openBackends({ databaseUrl, prismaFolder }),
    timeOf: (databaseUrl) => ({
      now: () => Date.now(),
      pass: async (ms) => {
        await postgres.query(
          nameOf(databaseUrl),
          `UPDATE job SET lease_until = CASE WHEN lease_until > 0 THEN lease_until - ${ms} ELSE lease_until END, wake_at = wake_at - ${ms}`,
        );
      },
      within: 10_000,
    }),
    query: (databaseUrl, sql) => postgres.query(nameOf(databaseUrl), sql),
    stop: () => postgres.stop(),
  };
}

/** Is there a PostgreSQL to start? */
export const hasPostgres = findPostgres() !== null;
