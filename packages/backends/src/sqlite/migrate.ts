// Applies the migrations of prisma/<provider>/migrations: in order, one transaction each, recorded as Prisma's own
// `migrate deploy` records them, so that either can go on where the other stopped. (Prisma's needs an engine that
// is downloaded; this needs nothing.)
import { randomUUID } from 'node:crypto';
import { EngineError } from '@windlass/engine/ports';
import type Database from 'libsql';
import { type Applied, type Migration, migrationsIn, refuseWhatDoesNotFit } from './migrations.ts';

const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL,
  "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL,
  "logs" TEXT,
  "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/** Brings the database to the newest migration; answers with the names of those applied now. */
export function migrate(database: Database.Database, folder: string): string[] {
  // A migration that rebuilds a table drops it first, and with foreign keys on that would delete every row that refers to
  // it. The pragma does nothing inside a transaction, so it is set here; each migration is checked before its COMMIT.
  database.exec('PRAGMA foreign_keys = OFF');
  try {
    return migrateUnchecked(database, folder);
  } finally {
    database.exec('PRAGMA foreign_keys = ON');
  }
}

function migrateUnchecked(database: Database.Database, folder: string): string[] {
  const wanted = migrationsIn(folder);
  // IMMEDIATE takes the write lock before anything is read, so two servers starting together do it once.
  database.exec('BEGIN IMMEDIATE');
  try {
    refuseStranger(database);
    database.exec(LEDGER);
    const applied = database
      .prepare('SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL')
      .all() as Applied[];
    refuseWhatDoesNotFit(wanted, applied, 'another data folder with WINDLASS_DATA');
    database.exec('COMMIT');
    const known = new Set(applied.map((row) => row.migration_name));
    return wanted.filter(({ name }) => !known.has(name)).flatMap((migration) => applyOnce(database, migration));
  } catch (thrown) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
}

/** A database with tables and without a ledger of migrations belongs to another program. */
function refuseStranger(database: Database.Database): void {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
    name: string;
  }[];
  const stranger = tables.some(({ name }) => name === '_prisma_migrations') ? undefined : tables[0];
  if (stranger === undefined) return;
  throw new EngineError(
    'STORE_FAILED',
    `This database was not written by Windlass (it has a table ${stranger.name}). Choose another file; nothing was changed.`,
  );
}

function applyOnce(database: Database.Database, migration: Migration): string[] {
  database.exec('BEGIN IMMEDIATE');
  try {
    const there = database
      .prepare('SELECT 1 FROM "_prisma_migrations" WHERE migration_name = ? AND rolled_back_at IS NULL')
      .get([migration.name]);
    if (there !== undefined) {
      database.exec('ROLLBACK');
      return [];
    }
    database.exec(migration.sql);
    const orphans = database.prepare('PRAGMA foreign_key_check').all();
    if (orphans.length > 0) throw new Error(`${orphans.length} rows would refer to rows that are gone`);
    const now = Date.now();
    database
      .prepare(
        'INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)',
      )
      .run(randomUUID(), migration.checksum, now, migration.name, now);
    database.exec('COMMIT');
    return [migration.name];
  } catch (cause) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw new EngineError('STORE_FAILED', `Migration ${migration.name} could not be applied; nothing was changed.`, { cause });
  }
}
