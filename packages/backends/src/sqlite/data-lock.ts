// One server a SQLite file. The lock is the operating system's, on a small file beside the database, so it ends
// with the process, and the jobs that the dead process had claimed can be taken up at once.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { EngineError } from '@windlass/engine/ports';
import Database from 'libsql';

/** Takes the lock of a database file, or throws STORE_IN_USE. Returns a function that releases it. */
export function lockData(databaseFile: string): () => void {
  mkdirSync(dirname(databaseFile), { recursive: true });
  const lock = new Database(`${databaseFile}.lock`);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
    return () => lock.close();
  } catch (cause) {
    lock.close();
    throw new EngineError(
      'STORE_IN_USE',
      `Another Windlass is running on ${databaseFile}. Use that one, stop it, or choose another data folder with WINDLASS_DATA.`,
      { cause },
    );
  }
}
