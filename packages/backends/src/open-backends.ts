// Opens everything that remembers: flows, board, logbook, sessions. Which database is decided by its address.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { EngineError, type FlowStore, type JobBoard, type LogbookStore } from '@windlass/engine';
import Database from 'libsql';
import { SqliteBoard } from './database/board.ts';
import { CommitQueue } from './database/commit-queue.ts';
import { lockData } from './database/data-lock.ts';
import { Followers } from './database/followers.ts';
import { SqliteFlows } from './database/flows.ts';
import { Heads } from './database/heads.ts';
import { PrismaClient } from './database/generated/sqlite/client.ts';
import { layOutLog } from './database/lay-out-log.ts';
import { SqliteLogbook } from './database/logbook.ts';
import { migrate } from './database/migrate.ts';
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
  /** Writes what is waiting and closes. */
  close(): Promise<void>;
}

/** Opens, migrates and locks. Throws STORE_IN_USE, STORE_NEWER, STORE_FAILED with what to do. */
export function openBackends({ databaseUrl, prismaFolder }: BackendsOptions): Backends {
  if (!/^file:./.test(databaseUrl)) {
    const address = withoutPassword(databaseUrl);
    throw new EngineError(
      'STORE_FAILED',
      `The database address ${address} is not supported; use file:/path/to/windlass.db. (PostgreSQL comes later.)`,
    );
  }
  const file = databaseUrl.startsWith('file://') ? fileURLToPath(databaseUrl) : databaseUrl.slice('file:'.length);
  const unlock = lockData(file);
  try {
    const database = openFile(file);
    migrate(database, join(prismaFolder, 'sqlite', 'migrations'));
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

function openFile(file: string): Database.Database {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;');
  return database;
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':…@');
}
