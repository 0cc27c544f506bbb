// Chains the records of a database from before records were chained. A change of a record before this moment cannot be
// found; a later change can.
import type Database from 'libsql';
import { chainHash, hashBytes } from '../records/chain-hash.ts';

const AT_ONCE = 5_000;

interface Unchained {
  readonly id: number;
  readonly job: number;
  readonly first: number;
  readonly body: string;
}

/** Called once, after the migration that adds the column. Returns the number of chained records. */
export function chainOldRecords(database: Database.Database): number {
  const next = database.prepare('SELECT id, job, first, body FROM logbook_record WHERE (job, first) > (?, ?) ORDER BY job, first LIMIT ?');
  const set = database.prepare('UPDATE logbook_record SET hash = ? WHERE id = ?');
  let [job, first, before, chained] = [0, 0, '', 0];
  database.exec('BEGIN IMMEDIATE');
  for (;;) {
    const page = next.all(job, first, AT_ONCE) as Unchained[];
    for (const record of page) {
      before = chainHash(record.job === job ? before : '', record.body);
      set.run(hashBytes(before), record.id);
      ({ job, first } = record);
    }
    chained += page.length;
    if (page.length < AT_ONCE) break;
  }
  database.exec('COMMIT');
  return chained;
}
