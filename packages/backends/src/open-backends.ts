// Opens the stores: flows, board, logbook, sessions. The address decides which database is used; only its driver
// is loaded.
import { EngineError } from '@windlass/engine/ports';
import type { Backends, BackendsOptions, ReadingBackends } from './backends.ts';

/** Opens and migrates. Throws STORE_IN_USE, STORE_NEWER, STORE_FAILED with what to do. */
export async function openBackends(options: BackendsOptions): Promise<Backends> {
  if (isFile(options.databaseUrl)) return (await import('./sqlite/open-sqlite.ts')).openSqlite(options);
  if (isPostgres(options.databaseUrl)) return (await import('./postgresql/open.ts')).openPostgres(options);
  throw unknown(options.databaseUrl);
}

/** Opens for reading only, beside running servers. Throws STORE_FAILED. */
export async function openForReading(databaseUrl: string): Promise<ReadingBackends> {
  if (isFile(databaseUrl)) return (await import('./sqlite/open-sqlite.ts')).openSqliteForReading(databaseUrl);
  if (isPostgres(databaseUrl)) return (await import('./postgresql/open.ts')).openPostgresForReading(databaseUrl);
  throw unknown(databaseUrl);
}

function isFile(databaseUrl: string): boolean {
  return /^file:./.test(databaseUrl);
}

function isPostgres(databaseUrl: string): boolean {
  return /^postgres(ql)?:\/\//.test(databaseUrl);
}

function unknown(databaseUrl: string): EngineError {
  const address = databaseUrl.replace(/:[^:@/]*@/, ':…@');
  return new EngineError(
    'STORE_FAILED',
    `The database address ${address} is not supported; use file:/path/to/windlass.db or postgresql://user@host/database.`,
  );
}
