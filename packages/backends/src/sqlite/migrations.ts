// The migrations of prisma/<provider>/migrations, and whether a database's ledger of them fits.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '@windlass/engine/ports';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}
/** As Prisma's own ledger of them says. */
export interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: unknown;
}

/** In the order in which they are applied. */
export function migrationsIn(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map(({ name }) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws STORE_NEWER, STORE_FAILED for a ledger that is not the beginning of these. */
export function refuseWhatDoesNotFit(wanted: readonly Migration[], applied: readonly Applied[], choose: string): void {
  const byName = new Map(wanted.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = byName.get(row.migration_name);
    if (migration === undefined) {
      throw new EngineError(
        'STORE_NEWER',
        `The database was written by a newer Windlass (it has the migration ${row.migration_name}). Start that version, or choose ${choose}. Nothing was changed.`,
      );
    }
    if (row.finished_at === null) {
      throw new EngineError(
        'STORE_FAILED',
        `The migration ${row.migration_name} was begun and not finished. Restore the database from a backup, or mark it as rolled back in _prisma_migrations.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new EngineError(
        'STORE_FAILED',
        `The migration ${row.migration_name} is not the one that was applied to this database: its file was edited. Restore the file.`,
      );
    }
  }
}
