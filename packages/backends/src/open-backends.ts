// Opens everything that remembers: flows, board, logbook, sessions. Which database is decided by its address.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { EngineError, type FlowStore, type JobBoard, type JobChange, type LogbookStore } from '@windlass/engine';
import Database from 'libsql';
import type { RecordSource } from './chain/record-source.ts';
import { SqliteBoard } from './database/board.ts';
import { chainOldRecords } from './database/chain-old-records.ts';
import { CommitQueue } from './database/commit-queue.ts';
import { lockData } from './database/data-lock.ts';
import { Followers } from './database/followers.ts';
import { SqliteFlows } from './database/flows.ts';
import { Heads } from './database/heads.ts';
import { PrismaClient } from './database/generated/sqlite/client.ts';
import { layOutLog } from './database/lay-out-log.ts';
import { SqliteLogbook } from './database/logbook.ts';
import { migrate } from './database/migrate.ts';
import { SqliteRecords } from './database/records.ts';
import { Sessions } from './database/sessions.ts';

export interface BackendsOptions {
  /** `file:` and a path; PostgreSQL follows. */
  readonly databaseUrl: string;
  /** The folder that holds `sqlite/migrations`. */
  readonly prismaFolder: string;
}

export interface Backends {
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly sessions: Sessions;
  /** The records of logbooks as they are stored. */
  readonly records: RecordSource;
  /** Sets what lists show of a job, worked out from its logbook; not for a job that a conductor may be working on. */
  setRow(job: string, change: JobChange): Promise<void>;
  /** Writes what is waiting and closes. */
  close(): Promise<void>;
}

/** Opens, migrates and locks. Throws STORE_IN_USE, STORE_NEWER, STORE_FAILED with what to do. */
export function openBackends({ databaseUrl, prismaFolder }: BackendsOptions): Backends {
  const file = fileOf(databaseUrl);
  const unlock = lockData(file);
  try {
    const database = openFile(file);
    const migrated = migrate(database, join(prismaFolder, 'sqlite', 'migrations'));
    if (migrated.includes('0003_hash_chain')) chainOldRecords(database);
    layOutLog(database);
    const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}` }) });
    const heads = new Heads();
    const queue = new CommitQueue(database, file, () => heads.forgetAll());
    const followers = new Followers();
    const board = new SqliteBoard({ database, queue, heads, prisma, followers });
    const logbook = new SqliteLogbook({ database, queue, heads, followers, onChanged: (job) => board.tellChanged(job) });
    return {
      flows: new SqliteFlows(prisma),
      board,
      logbook,
      sessions: new Sessions(prisma),
      records: new SqliteRecords(database),
      async setRow(id, { state, run, attention, forward, startedAt, endedAt, wakeAt }) {
        heads.forget(id);
        await prisma.job.update({ where: { id }, data: { state, run, attention, forward, startedAt, endedAt, wakeAt } });
      },
      async close() {
        queue.close();
        await prisma.$disconnect();
        database.close();
        unlock();
      },
    };
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}

/** What can be read beside a running server: no lock is taken, and nothing is migrated. */
export interface ReadingBackends extends Pick<Backends, 'flows' | 'records'> {
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly board: Pick<JobBoard, 'get'>;
  close(): Promise<void>;
}

/** Opens for reading alone. Throws STORE_FAILED. */
export function openForReading(databaseUrl: string): ReadingBackends {
  const file = fileOf(databaseUrl);
  if (!existsSync(file)) throw new EngineError('STORE_FAILED', `There is no database at ${file}; name the data folder with WINDLASS_DATA.`);
  const database = new Database(file, { readonly: true });
  const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}` }) });
  const parts = { database, queue: new CommitQueue(database, file), heads: new Heads(), followers: new Followers() };
  return {
    flows: new SqliteFlows(prisma),
    board: new SqliteBoard({ ...parts, prisma }),
    logbook: new SqliteLogbook({ ...parts, onChanged: () => {} }),
    records: new SqliteRecords(database),
    async close() {
      await prisma.$disconnect();
      database.close();
    },
  };
}

function fileOf(databaseUrl: string): string {
  if (!/^file:./.test(databaseUrl)) {
    const address = withoutPassword(databaseUrl);
    throw new EngineError(
      'STORE_FAILED',
      `The database address ${address} is not supported; use file:/path/to/windlass.db. (PostgreSQL comes later.)`,
    );
  }
  return databaseUrl.startsWith('file://') ? fileURLToPath(databaseUrl) : databaseUrl.slice('file:'.length);
}

function openFile(file: string): Database.Database {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;');
  return database;
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':…@');
}
