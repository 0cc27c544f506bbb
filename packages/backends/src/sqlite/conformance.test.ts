// The suites of the ports, on real files.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { afterEach } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';

const prismaFolder = join(import.meta.dirname, '../../../../prisma');
const opened: { readonly stores: Backends; readonly folder: string }[] = [];

const fresh = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-conformance-'));
  const stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder });
  opened.push({ stores, folder });
  return stores;
};
afterEach(async () => {
  for (const { stores, folder } of opened.splice(0)) {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

testJobBoard('SQLite', fresh);
testJobSearch('SQLite', fresh);
testBulkActs('SQLite', fresh);
testCheckpoints('SQLite', fresh);
testLogbook('SQLite', fresh);
testResourceLedger('SQLite', fresh);
testTaskLog('SQLite', fresh);
testNotices('SQLite', fresh);
