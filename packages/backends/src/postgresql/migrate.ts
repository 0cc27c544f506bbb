// Applies the migrations of prisma/postgresql/migrations: in order, one transaction each, recorded as Prisma's own
// `migrate deploy` records them. Servers that start together do it once: the first holds a lock, the others wait for it.
import { randomUUID } from 'node:crypto';
import { EngineError } from '@windlass/engine/ports';
import { type Applied, type Migration, migrationsIn, refuseWhatDoesNotFit } from '../sqlite/migrations.ts';
import type { OwnConnection } from './connection.ts';

/** The oldest release with MATERIALIZED is 12. */
const OLDEST = 120_000;
const LOCK = "SELECT pg_advisory_lock(hashtextextended('windlass migrations', 0))";
const ABOUT = `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
  current_setting('server_encoding') AS encoding, current_schema() AS schema,
  ARRAY(SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1) AS tables`;
const LEDGER = `CREATE TABLE "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

interface About {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly schema: string | null;
  readonly tables: readonly string[];
}

/** Brings the database to the newest migration; answers with the names of those applied now. The connection has no other user. */
export async function migrate(connection: OwnConnection, folder: string): Promise<string[]> {
  const wanted = migrationsIn(folder);
  await connection.query(LOCK);
  const about = (await connection.query<About & { [column: string]: unknown }>(ABOUT)).rows[0];
  if (about === undefined) throw new Error('PostgreSQL says nothing of itself');
  refuseServer(about);
  if (!about.tables.includes('_prisma_migrations')) await connection.query(LEDGER);
  const applied = await connection.query<Applied & { [column: string]: unknown }>(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  refuseWhatDoesNotFit(wanted, applied.rows, 'another database with WINDLASS_DATABASE_URL');
  const known = new Set(applied.rows.map((row) => row.migration_name));
  const missing = wanted.filter(({ name }) => !known.has(name));
  for (const migration of missing) await apply(connection, migration);
  return missing.map(({ name }) => name);
}

function refuseServer({ version, number, encoding, schema, tables }: About): void {
  const refuse = (text: string) => {
    throw new EngineError('STORE_FAILED', `${text} Nothing was changed.`);
  };
  if (number < OLDEST) refuse(`PostgreSQL ${version} is too old; Windlass needs 12 or newer.`);
  if (encoding !== 'UTF8') refuse(`The database has the encoding ${encoding}; make one with UTF8: createdb -E UTF8 -T template0.`);
  if (schema === null) refuse('The database has no schema to work in; create the schema public, or set search_path for the role.');
  const stranger = tables.includes('_prisma_migrations') ? undefined : tables[0];
  if (stranger !== undefined) {
    refuse(`This database was not written by Windlass (it has a table ${stranger}); make another one for it with createdb.`);
  }
}

async function apply(connection: OwnConnection, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await connection.query('BEGIN');
    await connection.query(sql);
    await connection.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, clock_timestamp(), $3, 1)',
      [randomUUID(), checksum, name],
    );
    await connection.query('COMMIT');
  } catch (cause) {
    // A connection that cannot roll back is lost, and its transaction with it.
    await connection.query('ROLLBACK').catch(() => undefined);
    if (cause instanceof Error && 'code' in cause && cause.code === '42501') throw cause;
    throw new EngineError('STORE_FAILED', `Migration ${name} could not be applied; nothing was changed.`, { cause });
  }
}
