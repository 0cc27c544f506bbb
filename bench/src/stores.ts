// The stores that are measured. To add one: a BenchStore here, or in a file beside this one, and a line in STORES.
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openBackends } from '@windlass/backends';
import { MemoryFlows, MemoryStore } from '@windlass/engine/testing';
import Database from 'libsql';
import type { BenchStore } from './bench-store.ts';
import { newFolder, removeFolder } from './folder.ts';
import { loopLimits, sqliteLimits } from './limits.ts';
import { postgresStore } from './postgres-store.ts';

const prismaFolder = resolve(import.meta.dirname, '../../prisma');

const memory: BenchStore = {
  name: 'memory',
  durable: false,
  place: async () => ({ address: '', bytes: async () => 0, remove: async () => {} }),
  async open() {
    const jobs = new MemoryStore();
    return { flows: new MemoryFlows(), board: jobs, logbook: jobs, close: async () => {} };
  },
  limit: loopLimits,
};

const sqlite: BenchStore = {
  name: 'sqlite',
  durable: true,
  async place() {
    const folder = newFolder('bench');
    const file = join(folder, 'bench.db');
    return {
      address: `file:${file}`,
      bytes: async () => {
        foldLog(file);
        return statSync(file).size;
      },
      remove: async () => removeFolder(folder),
    };
  },
  open: async (address) => openBackends({ databaseUrl: address, prismaFolder }),
  limit: sqliteLimits,
};

/** The write-ahead log folds into the file when the last connection closes; one may be left that closes later. */
function foldLog(file: string): void {
  const database = new Database(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

export const STORES: readonly BenchStore[] = [memory, sqlite, ...(postgresStore === null ? [] : [postgresStore])];

export function storeNamed(name: string): BenchStore {
  const found = STORES.find((store) => store.name === name);
  if (found === undefined) throw new Error(`There is no store ${name} here; stores: ${STORES.map((store) => store.name).join(', ')}.`);
  return found;
}
