// Opens the stores on one PostgreSQL database, which any number of processes share.
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { EngineError, type JobChange } from '@windlass/engine/ports';
import { localClock } from '../machine-clock.ts';
import type pg from 'pg';
import { PrismaFlows } from '../prisma/flows.ts';
import { Followers } from '../followers.ts';
import { PrismaClient } from '../prisma/generated/postgresql/client.ts';
import type { PrismaClient as SqliteClient } from '../prisma/generated/sqlite/client.ts';
import { PrismaLedger } from '../prisma/ledger.ts';
import { JobLists } from '../prisma/job-lists.ts';
import { PrismaNotices } from '../prisma/notices.ts';
import { PrismaBulkActs } from '../prisma/bulk-acts.ts';
import { PrismaSavedViews } from '../prisma/saved-views.ts';
import { Sessions } from '../prisma/sessions.ts';
import type { Backends, BackendsOptions, ReadingBackends } from '../backends.ts';
import { PostgresBoard } from './board.ts';
import { NotifyConnection } from './notify-connection.ts';
import { PostgresCheckpoints } from './checkpoints.ts';
import { OwnConnection, openPool } from './connection.ts';
import { DATABASE_NOW, DatabaseClock } from './database-clock.ts';
import { PostgresLogbook } from './logbook.ts';
import { migrate } from './migrate.ts';
import { Presence } from './presence.ts';
import { PostgresRecords } from './records.ts';
import { PostgresTaskLog } from './task-log.ts';
import { addressOf, openErrorOf } from './open-error.ts';

const SET_ROW = `UPDATE job SET state = $2, run = $3, attention = $4, forward = $5, forward_kind = $9, started_at = $6, ended_at = $7, wake_at = $8,
  attention_note = CASE WHEN $4 = 'dead_lettered' THEN attention_note END, lease_until = CASE WHEN $2 = 'CLAIMED' THEN 0 END
  WHERE id = $1 AND NOT (state = 'CLAIMED' AND lease_until > ${DATABASE_NOW})`;

/** Opens and migrates. Throws STORE_NEWER, STORE_FAILED with what to do. */
export async function openPostgres(options: BackendsOptions): Promise<Backends> {
  const { databaseUrl, prismaFolder, warn = () => {} } = options;
  addressOf(databaseUrl);
  await migrateNow(databaseUrl, join(prismaFolder, 'postgresql', 'migrations'));
  const pool = openPool(databaseUrl);
  const prisma = prismaOn(pool);
  const followers = new Followers();
  const clock = new DatabaseClock(options.clock ?? localClock);
  const notify = new NotifyConnection({
    url: databaseUrl,
    clock,
    warn,
    onNotice: ({ posted, changed, written }) => {
      logbook.hearWritten(written);
      for (const job of changed) board.hearChanged(job);
      if (posted) board.hearPosted();
    },
    onConnect: async (connection, isFirst) => {
      await presence.holdAgain(connection);
      if (isFirst) return;
      logbook.hearAnything();
      await board.hearAnything();
    },
  });
  const presence = new Presence(pool, {
    notify: () => notify,
    onReleased: (jobs) => {
      for (const job of jobs) board.tellChanged(job);
      board.tellPosted();
    },
  });
  const board: PostgresBoard = new PostgresBoard({
    pool,
    lists: new JobLists(prisma, { choosesIndex: false }),
    followers,
    notify,
    presence,
  });
  const listeners = { onChanged: (job: string) => board.tellChanged(job), onPosted: () => board.tellPosted() };
  const logbook: PostgresLogbook = new PostgresLogbook({ pool, followers, notify, ...listeners });
  const close = async () => {
    await Promise.all([board.close(), logbook.close()]);
    await presence.settled();
    await notify.close();
    await prisma.$disconnect();
    await pool.end();
  };
  try {
    await notify.open();
  } catch (thrown) {
    await close();
    throw openErrorOf(databaseUrl, thrown);
  }
  return {
    isShared: true,
    clock,
    flows: new PrismaFlows(prisma),
    board,
    logbook,
    checkpoints: new PostgresCheckpoints(pool),
    ledger: new PrismaLedger(prisma),
    taskLog: new PostgresTaskLog(pool),
    notices: new PrismaNotices(prisma),
    sessions: new Sessions(prisma),
    views: new PrismaSavedViews(prisma),
    bulkActs: new PrismaBulkActs(prisma),
    records: new PostgresRecords(pool),
    runExclusively: (what, work) => runExclusively(databaseUrl, what, work),
    setRow: (job, change) => setRow(pool, job, change),
    close,
  };
}

/** Opens for reading only. Throws STORE_FAILED. */
export async function openPostgresForReading(databaseUrl: string): Promise<ReadingBackends> {
  addressOf(databaseUrl);
  const pool = openPool(databaseUrl);
  try {
    await pool.query('SELECT FROM job LIMIT 0');
  } catch (thrown) {
    await pool.end();
    throw openErrorOf(databaseUrl, thrown);
  }
  const prisma = prismaOn(pool);
  const logbook = new PostgresLogbook({ pool, followers: new Followers(), notify: null, onChanged: () => {}, onPosted: () => {} });
  return {
    flows: new PrismaFlows(prisma),
    board: new JobLists(prisma, { choosesIndex: false }),
    logbook,
    checkpoints: new PostgresCheckpoints(pool),
    records: new PostgresRecords(pool),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function migrateNow(url: string, folder: string): Promise<void> {
  const connection = await OwnConnection.open(url).catch((thrown: unknown) => Promise.reject(openErrorOf(url, thrown)));
  await migrate(connection, folder)
    .catch((thrown: unknown) => Promise.reject(openErrorOf(url, thrown)))
    .finally(() => connection.end());
}

/** The two clients are made from the same models (prisma/make-schemas.mjs) and differ in the type of their name only. */
function prismaOn(pool: pg.Pool): SqliteClient {
  return new PrismaClient({ adapter: new PrismaPg(pool) }) as unknown as SqliteClient;
}

async function runExclusively<T>(url: string, what: string, work: () => Promise<T>): Promise<T> {
  const connection = await OwnConnection.open(url);
  try {
    await connection.query("SELECT pg_advisory_lock(hashtextextended('windlass ' || $1, 0))", [what]);
    return await work();
  } finally {
    await connection.end();
  }
}

async function setRow(pool: pg.Pool, job: string, change: JobChange): Promise<void> {
  const { state, run, attention, forward, forwardKind, startedAt, endedAt, wakeAt } = change;
  const { rowCount } = await pool.query(SET_ROW, [job, state, run, attention, forward, startedAt, endedAt, wakeAt, forwardKind]);
  if (rowCount === 0) throw new EngineError('CLAIM_TAKEN', `A conductor is working on ${job}; it is left as it is.`);
}
