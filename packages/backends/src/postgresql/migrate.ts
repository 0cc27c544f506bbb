// Applies prisma/postgresql/migrations as Prisma's own `migrate deploy` would, under one lock, so that servers that start
// together do it once. PostgreSQL undoes DDL like anything else: a migration that fails leaves nothing behind.
import { randomUUID } from 'node:crypto';
import { EngineError } from '@windlass/engine';
import type pg from 'pg';
import { type Applied, migrationsIn, refuseWhatDoesNotFit } from '../database/migrations.ts';

/** The key that Prisma itself locks while it migrates. */
const LOCK = 'SELECT pg_advisory_lock(72707369)';
const UNLOCK = 'SELECT pg_advisory_unlock(72707369)';
const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** Brings the database to the newest migration; answers with the names of those applied now. */
export async function migrate(client: pg.Client, folder: string): Promise<string[]> {
  await client.query(LOCK);
  try {
    await refuseStranger(client);
    await client.query(LEDGER);
    const { rows } = await client.query<Applied>(
      'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
    );
    const wanted = migrationsIn(folder);
    refuseWhatDoesNotFit(wanted, rows);
    const known = new Set(rows.map((row) => row.migration_name));
    const missing = wanted.filter(({ name }) => !known.has(name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.query(UNLOCK);
  }
}

/** A schema with tables and no ledger is somebody else's. */
async function refuseStranger(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()');
  const stranger = rows.some(({ name }) => name === '_prisma_migrations') ? undefined : rows[0];
  if (stranger === undefined) return;
  throw new EngineError(
    'STORE_FAILED',
    `This database was not written by Windlass (it has a table ${stranger.name}). Choose another database; nothing was changed.`,
  );
}

async function apply(client: pg.Client, { name, sql, checksum }: { name: string; sql: string; checksum: string }): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new EngineError('STORE_FAILED', `Migration ${name} could not be applied; nothing was changed.`, { cause });
  }
}
