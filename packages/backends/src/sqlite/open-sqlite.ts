// SQLite: one file, one server.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { EngineError } from '@windlass/engine/ports';
import { localClock } from '../machine-clock.ts';
import Database from 'libsql';
import type { Backends, BackendsOptions, ReadingBackends } from '../backends.ts';
import { SqliteBoard } from './board.ts';
import { SqliteCheckpoints } from './checkpoints.ts';
import { chainOldRecords } from './chain-old-records.ts';
import { CommitQueue } from './commit-queue.ts';
import { lockData } from './data-lock.ts';
import { PrismaFlows } from '../prisma/flows.ts';
import { Followers } from '../followers.ts';
import { PrismaClient } from '../prisma/generated/sqlite/client.ts';
import { Heads } from './heads.ts';
import { JobLists } from '../prisma/job-lists.ts';
import { PrismaBulkActs } from '../prisma/bulk-acts.ts';
import { PrismaSavedViews } from '../prisma/saved-views.ts';
import { PrismaLedger } from '../prisma/ledger.ts';
import { layOutLog } from './lay-out-log.ts';
import { SqliteLogbook } from './logbook.ts';
import { migrate } from './migrate.ts';
import { PrismaNotices } from '../prisma/notices.ts';
import { SqliteRecords } from './records.ts';
import { SqliteTaskLog } from './task-log.ts';
import { Sessions } from '../prisma/sessions.ts';

/** Opens, migrates and locks. Throws STORE_IN_USE, STORE_NEWER, STORE_FAILED with what to do. */
export function openSqlite({ databaseUrl, prismaFolder, clock = localClock }: BackendsOptions): Backends {
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
    const board = new SqliteBoard({ database, queue, heads, lists: new JobLists(prisma, { choosesIndex: true }), followers });
    const listeners = { onChanged: (job: string) => board.hearChanged(job), onPosted: () => board.hearPosted() };
    const logbook = new SqliteLogbook({ database, queue, heads, followers, ...listeners });
    return {
      isShared: false,
      clock,
      flows: new PrismaFlows(prisma),
      board,
      logbook,
      checkpoints: new SqliteCheckpoints({ database, queue }),
      ledger: new PrismaLedger(prisma),
      taskLog: new SqliteTaskLog({ database, queue }),
      notices: new PrismaNotices(prisma),
      sessions: new Sessions(prisma),
      views: new PrismaSavedViews(prisma),
      bulkActs: new PrismaBulkActs(prisma),
      records: new SqliteRecords(database),
      async setRow(id, { state, run, attention, forward, forwardKind, startedAt, endedAt, wakeAt }) {
        heads.forget(id);
        const note = attention === 'dead_lettered' ? {} : { attentionNote: null };
        const leaseUntil = state === 'CLAIMED' ? 0 : null;
        await prisma.job.update({
          where: { id },
          data: { state, run, attention, forward, forwardKind, startedAt, endedAt, wakeAt, leaseUntil, ...note },
        });
      },
      runExclusively: (_name, work) => work(),
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

/** Opens for reading only. Throws STORE_FAILED. */
export function openSqliteForReading(databaseUrl: string): ReadingBackends {
  const file = fileOf(databaseUrl);
  if (!existsSync(file)) throw new EngineError('STORE_FAILED', `There is no database at ${file}; name the data folder with WINDLASS_DATA.`);
  const database = new Database(file, { readonly: true });
  const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}` }) });
  const parts = { database, queue: new CommitQueue(database, file), heads: new Heads(), followers: new Followers() };
  return {
    flows: new PrismaFlows(prisma),
    board: new SqliteBoard({ ...parts, lists: new JobLists(prisma, { choosesIndex: true }) }),
    logbook: new SqliteLogbook({ ...parts, onChanged: () => {}, onPosted: () => {} }),
    checkpoints: new SqliteCheckpoints(parts),
    records: new SqliteRecords(database),
    async close() {
      await prisma.$disconnect();
      database.close();
    },
  };
}

function fileOf(databaseUrl: string): string {
  return databaseUrl.startsWith('file://') ? fileURLToPath(databaseUrl) : databaseUrl.slice('file:'.length);
}

/** Opens the file for the one process that writes it; a commit is answered once it is synced. */
export function openFile(file: string): Database.Database {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;');
  return database;
}
