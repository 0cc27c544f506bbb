import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaClient } from '../prisma/generated/sqlite/client.ts';
import { migrate } from './migrate.ts';
import { runChild } from '../testing/run-child.ts';

const shipped = join(import.meta.dirname, '../../../../prisma/sqlite/migrations');
const names = readdirSync(shipped)
  .filter((name) => existsSync(join(shipped, name, 'migration.sql')))
  .sort();
let folder: string;
let migrations: string;
let file: string;

const open = () => {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000;');
  return database;
};
const add = (name: string, sql: string) => {
  mkdirSync(join(migrations, name));
  writeFileSync(join(migrations, name, 'migration.sql'), sql);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-migrate-'));
  migrations = join(folder, 'migrations');
  file = join(folder, 'w.db');
  cpSync(shipped, migrations, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('migrate', () => {
  it('applies each migration once, in order', () => {
    const database = open();
    expect(migrate(database, migrations)).toEqual(names);
    add('0101_c', 'INSERT INTO b VALUES (1);');
    add('0100_b', 'CREATE TABLE b (x INTEGER);');
    expect(migrate(database, migrations)).toEqual(['0100_b', '0101_c']);
    expect(migrate(database, migrations)).toEqual([]);
    expect(
      database.prepare('SELECT applied_steps_count, logs, rolled_back_at, length(checksum) AS hex FROM _prisma_migrations').all(),
    ).toEqual([...names, '0100_b', '0101_c'].map(() => ({ applied_steps_count: 1, logs: null, rolled_back_at: null, hex: 64 })));
    database.close();
  });

  it('makes the tables that the models describe', async () => {
    const database = open();
    migrate(database, migrations);
    database.close();
    const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}` }) });
    const all = [prisma.flow, prisma.flowVersion, prisma.job, prisma.logbookRecord, prisma.session];
    for (const model of all) expect(await (model.findMany as () => Promise<unknown[]>)()).toEqual([]);
    await prisma.$disconnect();
  });

  it('leaves nothing of a migration that fails, and says which one', () => {
    const database = open();
    migrate(database, migrations);
    add('0002_bad', 'CREATE TABLE half (x INTEGER); INSERT INTO nowhere VALUES (1);');
    expect(() => migrate(database, migrations)).toThrow(
      expect.objectContaining({ code: 'STORE_FAILED', message: expect.stringContaining('0002_bad') }),
    );
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
    database.close();
  });

  it('T2: rows of older versions get the kind of their forward outcome from its words', () => {
    const database = open();
    const older = join(folder, 'older');
    for (const name of names.filter((one) => one < '0013')) cpSync(join(shipped, name), join(older, name), { recursive: true });
    migrate(database, older);
    const rows = [
      ['', null, null],
      ['cancelled', null, 'cancelled'],
      ['past its deadline', null, 'overdue'],
      ['failed at Build', null, 'failed'],
      ['succeeded', null, 'succeeded'],
      ['succeeded, caught a failure at Look', null, 'succeeded'],
      ['failed at the loading', 'failed at the loading', null],
    ] as const;
    const insert = database.prepare(
      `INSERT INTO job (id, flow_id, flow_name, version, state, run, forward, attention_note, priority, posted_at, posted_by, token)
       VALUES (?, 'flow', 'Flow', 1, 'COMPLETE', 'REVERTED', ?, ?, 0, 1, 'ana', 1)`,
    );
    rows.forEach(([forward, note], index) => insert.run(`job_${index}`, forward, note));
    migrate(database, migrations);
    const kinds = database.prepare('SELECT forward_kind AS kind FROM job ORDER BY seq').all() as { kind: string | null }[];
    expect(kinds.map(({ kind }) => kind)).toEqual(rows.map(([, , kind]) => kind));
    database.close();
  });

  it('a migration that rebuilds a table keeps the rows that refer to it, and one that would orphan them is undone', () => {
    const database = open();
    add(
      '0002_pair',
      'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);',
    );
    migrate(database, migrations);
    add(
      '0003_rebuild',
      'CREATE TABLE n (id INTEGER PRIMARY KEY, x INTEGER NOT NULL DEFAULT 0); INSERT INTO n (id) SELECT id FROM p; DROP TABLE p; ALTER TABLE n RENAME TO p;',
    );
    expect(migrate(database, migrations)).toEqual(['0003_rebuild']);
    expect(database.prepare('SELECT p FROM c').all()).toEqual([{ p: 1 }]);
    add('0004_orphan', 'DELETE FROM p;');
    expect(() => migrate(database, migrations)).toThrow(/0004_orphan could not be applied/);
    expect(database.prepare('SELECT id FROM p').all()).toEqual([{ id: 1 }]);
    expect(database.prepare('PRAGMA foreign_keys').get()).toMatchObject({ foreign_keys: 1 });
    database.close();
  });

  it('refuses a database of a newer Windlass', () => {
    const database = open();
    add('0002_b', 'CREATE TABLE b (x INTEGER);');
    migrate(database, migrations);
    rmSync(join(migrations, '0002_b'), { recursive: true });
    expect(() => migrate(database, migrations)).toThrow(
      expect.objectContaining({ code: 'STORE_NEWER', message: expect.stringContaining('0002_b') }),
    );
    database.close();
  });

  it('refuses an edited migration', () => {
    const database = open();
    migrate(database, migrations);
    writeFileSync(join(migrations, '0001_init', 'migration.sql'), '-- nothing');
    expect(() => migrate(database, migrations)).toThrow(/0001_init is not the one that was applied/);
    database.close();
  });

  it('refuses a half-applied migration, and goes on once it is marked as rolled back', () => {
    const database = open();
    migrate(database, migrations);
    add('0002_b', 'CREATE TABLE b (x INTEGER);');
    database.exec("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '0002_b')");
    expect(() => migrate(database, migrations)).toThrow(/0002_b was begun and not finished/);
    database.exec('UPDATE _prisma_migrations SET rolled_back_at = 1 WHERE finished_at IS NULL');
    expect(migrate(database, migrations)).toEqual(['0002_b']);
    database.close();
  });

  it('refuses a database that something else has written', () => {
    const database = open();
    database.exec('CREATE TABLE invoices (id INTEGER)');
    expect(() => migrate(database, migrations)).toThrow(/invoices/);
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name LIKE '%migrations'").get()).toBeUndefined();
    database.close();
  });

  it('two processes at once do it once', async () => {
    const children = await Promise.all([1, 2, 3].map(() => runChild('migrate', [file, migrations])));
    expect(children.map(({ output }) => output.trim()).sort()).toEqual(['', '', names.join('\n')]);
  });
});
