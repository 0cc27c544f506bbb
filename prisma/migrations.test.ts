// What the migrations make is what the models say, on both providers: a database made by the migrations is compared with
// one made from the models. Migrations may hold more indexes, and narrower ones: over some rows only, which Prisma
// cannot express.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaFor } from './make-schemas.mjs';
import { sqlBetween } from './schema-diff.mjs';
import { findPostgres, type Postgres, startPostgres } from './testing/postgres.ts';

/** Indexes that stand in the migrations alone. */
const HAND_MADE = ['job_claimable_idx', 'job_key_key', 'job_leased_idx', 'job_parked_idx', 'job_posted_by_idx'];

interface Made {
  readonly columns: string[];
  readonly keys: string[];
  readonly indexes: string[];
}

function migrationsOf(provider: string): { name: string; sql: string }[] {
  const folder = join(import.meta.dirname, provider, 'migrations');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }));
}

const sqlOf = (provider: string) =>
  migrationsOf(provider)
    .map(({ sql }) => sql)
    .join('\n');

function expectSame(migrated: Made, modelled: Made): void {
  expect(migrated.columns).toEqual(modelled.columns);
  expect(migrated.keys).toEqual(modelled.keys);
  const isHandMade = (index: string) => HAND_MADE.some((name) => index.startsWith(`${name} `));
  expect(migrated.indexes.filter((index) => !isHandMade(index))).toEqual(modelled.indexes);
  expect(migrated.indexes.filter(isHandMade)).toHaveLength(HAND_MADE.length);
}

it('both providers have the same migrations', () => {
  const names = migrationsOf('sqlite').map(({ name }) => name);
  expect(names).not.toEqual([]);
  expect(migrationsOf('postgresql').map(({ name }) => name)).toEqual(names);
});

describe('SQLite', () => {
  /** What a database holds. A key of one integer is the row's number, which SQLite has as INTEGER only. */
  function madeBy(sql: string): Made {
    const database = new Database(':memory:');
    database.exec(sql);
    const lines = (query: string) => (database.prepare(query).all() as { line: string }[]).map(({ line }) => line);
    const tables = "sqlite_master AS t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    const from = (pragma: string) => tables.replace(' AS t WHERE', ` AS t JOIN ${pragma} AS p WHERE`);
    const columns = lines(
      `SELECT concat_ws(' ', t.name, p.name, iif(p.pk > 0 AND p.type = 'BIGINT', 'INTEGER', p.type), p."notnull", p.dflt_value, p.pk) AS line FROM ${from('pragma_table_info(t.name)')} ORDER BY 1`,
    );
    const keys = lines(
      `SELECT concat_ws(' ', t.name, p."from", p."table", p."to", p.on_delete, p.on_update) AS line FROM ${from('pragma_foreign_key_list(t.name)')} ORDER BY 1`,
    );
    const indexes = lines(
      `SELECT concat_ws(' ', p.name, t.name, p."unique", (SELECT group_concat(name) FROM pragma_index_info(p.name))) AS line FROM ${from('pragma_index_list(t.name)')} AND p.origin = 'c' ORDER BY 1`,
    );
    database.close();
    return { columns, keys, indexes };
  }

  it('the migrations make what the models say', async () => {
    expectSame(madeBy(sqlOf('sqlite')), madeBy(await sqlBetween('sqlite', null, schemaFor('sqlite'))));
  });
});

const programs = findPostgres();
describe.skipIf(programs === null)(programs === null ? 'PostgreSQL (not installed here)' : 'PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(() => {
    postgres = startPostgres(programs ?? '');
  });
  afterAll(() => postgres.stop());

  async function madeBy(database: string, sql: string): Promise<Made> {
    await postgres.query('postgres', `CREATE DATABASE ${database}`);
    await postgres.query(database, sql);
    const ask = (query: string) => postgres.query(database, query);
    return {
      columns: await ask(
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1",
      ),
      keys: await ask(
        "SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1",
      ),
      indexes: await ask(
        "SELECT concat_ws(' ', i.indexrelid::regclass, i.indrelid::regclass, i.indisunique, (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), ',' ORDER BY n) FROM generate_series(1, i.indnkeyatts) AS n)) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1",
      ),
    };
  }

  it('the migrations make what the models say', async () => {
    const modelled = await sqlBetween('postgresql', null, schemaFor('postgresql'));
    expectSame(await madeBy('migrated', sqlOf('postgresql')), await madeBy('modelled', modelled.replace('CREATE SCHEMA "public";', '')));
  });
});
