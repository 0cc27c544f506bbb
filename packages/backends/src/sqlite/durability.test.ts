// Acknowledged commits are there, whatever happens to the process or the disk.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineError } from '@windlass/engine/ports';
import { orderOf, startEntry } from '@windlass/engine/testing';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBackends } from '../open-backends.ts';
import { runChild } from '../testing/run-child.ts';
import { CommitQueue } from './commit-queue.ts';
import { openFile, openSqlite } from './open-sqlite.ts';

const prismaFolder = join(import.meta.dirname, '../../../../prisma');
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-durable-'));
  file = join(folder, 'w.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('kill -9', () => {
  it.each([200, 1_000, 2_500])('after %d acknowledged commits loses none of them, and the file opens at once', async (lines) => {
    const { output, code } = await runChild('write', [file, prismaFolder], (text) => text.split('\n').length > lines);
    expect(code).toBeNull();
    const acknowledged = new Map<string, number>();
    for (const line of output.split('\n').slice(0, -1)) {
      const [job = '', number = '0'] = line.split(' ');
      acknowledged.set(job, Math.max(Number(number), acknowledged.get(job) ?? 0));
    }
    const stores = await openBackends({ databaseUrl: `file:${file}`, prismaFolder });
    for (const [job, last] of acknowledged) {
      const entries = await stores.logbook.read(job, { after: 0, limit: 100_000 });
      expect(entries.length).toBeGreaterThanOrEqual(last);
      expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
    }
    expect(await stores.board.releaseAll(1)).toBeGreaterThan(0);
    await stores.close();
  });

  it('a second process on the same file is refused while the first one lives', async () => {
    let refusal: unknown;
    await runChild('write', [file, prismaFolder], (text) => {
      if (!text.includes('\n')) return false;
      try {
        openSqlite({ databaseUrl: `file:${file}`, prismaFolder });
      } catch (thrown) {
        refusal = thrown;
      }
      return true;
    });
    expect(refusal).toMatchObject({ code: 'STORE_IN_USE', message: expect.stringContaining(file) });
  });
});

describe('the write-ahead log', () => {
  it('is synced by each commit: a commit that only the operating system knows of is lost with the power', () => {
    const database = openFile(file);
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    // 2 is FULL; with NORMAL (1) the log is synced at checkpoints alone.
    expect(database.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
    database.close();
  });

  it('is as long as it will be before the first commit, and what laid it out leaves nothing behind', async () => {
    const stores = await openBackends({ databaseUrl: `file:${file}`, prismaFolder });
    const laidOut = statSync(`${file}-wal`).size;
    for (let count = 0; count < 50; count += 1) await stores.board.post(orderOf(), 1);
    expect(statSync(`${file}-wal`).size).toBe(laidOut);
    await stores.close();
    expect(statSync(file).size).toBeLessThan(500_000);
    const database = new Database(file);
    expect(database.prepare("SELECT count(*) AS tables FROM sqlite_master WHERE name = 'filler'").get()).toMatchObject({ tables: 0 });
    expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    database.close();
  });
});

describe('group commit', () => {
  /** A database whose sync (the COMMIT) is watched; `fail` makes it throw. */
  function watched() {
    const database = new Database(file);
    database.exec('CREATE TABLE t (x INTEGER UNIQUE)');
    const log: string[] = [];
    let fail: Error | null = null;
    const prepare = database.prepare.bind(database);
    database.prepare = ((sql: string) => {
      const statement = prepare(sql);
      if (sql !== 'COMMIT') return statement;
      return {
        run: () => {
          if (fail !== null) throw fail;
          statement.run();
          log.push('synced');
        },
      };
    }) as typeof database.prepare;
    const queue = new CommitQueue(database, file);
    const insert = prepare('INSERT INTO t VALUES (?)');
    const write = (x: number) =>
      queue
        .submit(() => insert.run([x]))
        .then(
          () => log.push(`answered ${x}`),
          (thrown: EngineError) => log.push(`${thrown.code} ${x}`),
        );
    return { database, log, write, queue, failWith: (error: Error | null) => (fail = error) };
  }

  it('writes asked for together share one sync, and none is answered before it', async () => {
    const { database, log, write } = watched();
    await Promise.all([write(1), write(2), write(3)]);
    expect(log).toEqual(['synced', 'answered 1', 'answered 2', 'answered 3']);
    database.close();
  });

  it('what the answers ask for forms the next transaction', async () => {
    const { database, log, write } = watched();
    await Promise.all([1, 2].map((x) => write(x).then(() => write(x + 10))));
    expect(log).toEqual(['synced', 'answered 1', 'answered 2', 'synced', 'answered 11', 'answered 12']);
    database.close();
  });

  it('a write that fails takes no other down', async () => {
    const { database, log, write } = watched();
    await Promise.all([write(1), write(1), write(2)]);
    expect(log.filter((line) => line !== 'synced')).toEqual(['answered 1', 'STORE_FAILED 1', 'answered 2']);
    expect(database.prepare('SELECT x FROM t ORDER BY x').all()).toEqual([{ x: 1 }, { x: 2 }]);
    database.close();
  });

  it('a sync that fails answers nobody with success, and the queue goes on afterwards', async () => {
    const { database, log, write, failWith } = watched();
    failWith(new Error('disk I/O error'));
    await Promise.all([write(1), write(2)]);
    failWith(null);
    await write(3);
    expect(log).toEqual(['STORE_FAILED 1', 'STORE_FAILED 2', 'synced', 'answered 3']);
    expect(database.prepare('SELECT x FROM t').all()).toEqual([{ x: 3 }]);
    database.close();
  });
});

describe('a full disk', () => {
  it('gives STORE_FULL, writes nothing of what failed, and goes on when there is room', async () => {
    const database = new Database(file);
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT)');
    const queue = new CommitQueue(database, file);
    const insert = database.prepare('INSERT INTO t VALUES (?)');
    const write = (text: string) => queue.submit(() => insert.run([text]));
    await write('fits');
    const pages = (database.prepare('PRAGMA page_count').get() as { page_count: number }).page_count;
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const answers = await Promise.allSettled([write('x'.repeat(50_000)), write('also fits')]);
    expect(answers).toMatchObject([{ reason: { code: 'STORE_FULL', message: expect.stringContaining(file) } }, { status: 'fulfilled' }]);
    database.exec('PRAGMA max_page_count = 1000000');
    await write('y'.repeat(50_000));
    expect(database.prepare('SELECT substr(x, 1, 5) AS start FROM t').all()).toEqual([
      { start: 'fits' },
      { start: 'also ' },
      { start: 'yyyyy' },
    ]);
    database.close();
  });
});

describe('a broken logbook', () => {
  it.each([
    ['not JSON', '{"t":'],
    ['another shape', '[]'],
    ['an unknown kind', '{"t":1,"k":1,"a":[["engine","e","e"]],"e":[["Z",0,0]]}'],
    ['an unknown state', '{"t":1,"k":1,"a":[["engine","e","e"]],"e":[["A",0,0,"a",1,"PENDING","FLYING"]]}'],
    ['an unknown mark', '{"t":1,"k":1,"a":[["engine","e","e"]],"e":[["M",0,0,"a",1,"SPOT"]]}'],
    ['a missing actor', '{"t":1,"k":1,"a":[],"e":[["A",0,0,"a",1,"PENDING","RUNNING"]]}'],
  ])('with %s is reported with job and number', async (_what, body) => {
    const stores = await openBackends({ databaseUrl: `file:${file}`, prismaFolder });
    const { job } = await stores.board.post(orderOf(), 1);
    await stores.board.claim('c1', 1, 1);
    await stores.logbook.commit({ job, token: 1, entries: [startEntry(2, 1)] });
    const other = new Database(file);
    other.prepare('UPDATE logbook_record SET body = ? WHERE first = 2').run([body]);
    other.close();
    const reading = stores.logbook.read(job, { after: 0, limit: 10 });
    await expect(reading).rejects.toMatchObject({ code: 'LOGBOOK_BROKEN', message: expect.stringMatching(new RegExp(`${job}.*entry 2`)) });
    await stores.close();
  });
});
