// PostgreSQL: one database, any number of servers.
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { EngineError } from '@windlass/engine';
import type pg from 'pg';
import type { Backends, BackendsOptions, ReadingBackends } from '../backends.ts';
import { Flows } from '../database/flows.ts';
import { Followers } from '../database/followers.ts';
import { PrismaClient } from '../database/generated/postgresql/client.ts';
import type { PrismaClient as AnyPrismaClient } from '../database/generated/sqlite/client.ts';
import { JobLists } from '../database/job-lists.ts';
import { Sessions } from '../database/sessions.ts';
import { PostgresBoard } from './board.ts';
import { Bulletin } from './bulletin.ts';
import { connect, openPool, translate, withoutPassword } from './connection.ts';
import { PostgresLogbook } from './logbook.ts';
import { migrate } from './migrate.ts';
import { Presence } from './presence.ts';
import { PostgresRecords } from './records.ts';

/** Opens and migrates. Throws STORE_NEWER, STORE_FAILED with what to do. */
export async function openPostgres({ databaseUrl, prismaFolder }: BackendsOptions): Promise<Backends> {
  await migrateOnce(databaseUrl, join(prismaFolder, 'postgresql', 'migrations'));
  const pool = openPool(databaseUrl);
  const prisma = prismaOn(pool);
  const followers = new Followers();
  const bulletin: Bulletin = new Bulletin({
    url: databaseUrl,
    onNotice: ({ posted, changed, written }) => {
      if (posted) board.hearPosted();
      for (const job of changed) board.hearChanged(job);
      logbook.hearWritten(written);
    },
    async onConnect(client, isFirst) {
      await presence.holdAgain(client);
      if (isFirst) return;
      // What was said while the connection was cut is lost: everybody looks for themselves.
      board.hearPosted();
      logbook.hearAnything();
    },
  });
  const presence = new Presence(pool, {
    bulletin: () => bulletin,
    onReleased: (jobs) => {
      board.hearPosted();
      for (const job of jobs) board.tellChanged(job);
    },
  });
  const board = new PostgresBoard({ pool, lists: new JobLists(prisma), followers, bulletin, presence });
  const logbook = new PostgresLogbook({ pool, followers, bulletin, onChanged: (job) => board.tellChanged(job) });
  await asked(databaseUrl, () => bulletin.open());
  return {
    flows: new Flows(prisma),
    board,
    logbook,
    sessions: new Sessions(prisma),
    records: new PostgresRecords(pool),
    async setRow(id, { state, run, attention, forward, startedAt, endedAt, wakeAt }) {
      await prisma.job.update({ where: { id }, data: { state, run, attention, forward, startedAt, endedAt, wakeAt } });
    },
    async close() {
      await logbook.close();
      await board.close();
      await presence.settled();
      await bulletin.close();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Opens for reading alone. Throws STORE_FAILED. */
export async function openPostgresForReading(databaseUrl: string): Promise<ReadingBackends> {
  await (await asked(databaseUrl, () => connect(databaseUrl))).end();
  const pool = openPool(databaseUrl);
  const prisma = prismaOn(pool);
  const bulletin = new Bulletin({ url: databaseUrl, onNotice: () => {}, onConnect: async () => {} });
  return {
    flows: new Flows(prisma),
    board: new JobLists(prisma),
    logbook: new PostgresLogbook({ pool, followers: new Followers(), bulletin, onChanged: () => {} }),
    records: new PostgresRecords(pool),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** The clients of both providers are generated from the same models; their types differ by name alone. */
function prismaOn(pool: pg.Pool): AnyPrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool) }) as unknown as AnyPrismaClient;
}

async function migrateOnce(databaseUrl: string, folder: string): Promise<void> {
  const client = await asked(databaseUrl, () => connect(databaseUrl));
  try {
    await migrate(client, folder);
  } finally {
    await client.end();
  }
}

async function asked<T>(databaseUrl: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const { code, message } = translate(cause);
    throw new EngineError(
      code,
      `The database ${withoutPassword(databaseUrl)} could not be opened. ${message} Check WINDLASS_DATABASE_URL.`,
      { cause },
    );
  }
}
