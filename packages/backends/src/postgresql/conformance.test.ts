// The suites of the ports on a real PostgreSQL, where one is installed (J7).
import {
  testBulkActs,
  testCheckpoints,
  testJobBoard,
  testJobSearch,
  testLogbook,
  testNotices,
  testResourceLedger,
  testTaskLog,
} from '@windlass/engine/conformance';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { Backends } from '../backends.ts';
import { type PostgresUnderTest, hasPostgres, startTestPostgres } from '../testing/postgres-under-test.ts';

const opened: Backends[] = [];
let postgres: PostgresUnderTest;

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  beforeAll(() => {
    postgres = startTestPostgres();
  });
  afterEach(async () => {
    for (const stores of opened.splice(0)) await stores.close();
  });
  afterAll(() => postgres.stop());

  const fresh = async () => {
    const databaseUrl = await postgres.newDatabase();
    const stores = await postgres.open(databaseUrl);
    opened.push(stores);
    const anotherProcess = async () => {
      const other = await postgres.open(databaseUrl);
      return { board: other.board, end: () => other.close() };
    };
    return { ...stores, anotherProcess, time: postgres.timeOf(databaseUrl) };
  };
  testJobBoard('PostgreSQL', fresh);
  testJobSearch('PostgreSQL', fresh);
  testBulkActs('PostgreSQL', fresh);
  testCheckpoints('PostgreSQL', fresh);
  testLogbook('PostgreSQL', fresh);
  testResourceLedger('PostgreSQL', fresh);
  testTaskLog('PostgreSQL', fresh);
  testNotices('PostgreSQL', fresh);
});
