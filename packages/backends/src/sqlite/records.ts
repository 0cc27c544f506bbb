// The stored records of SQLite, for the command that verifies and exports logbooks.
import type Database from 'libsql';
import type { RecordSource, RecordedJob, StoredRecord } from '../records/record-source.ts';

const JOB = 'SELECT seq, id, flow_id AS flow, flow_name AS flowName, version FROM job';

export class SqliteRecords implements RecordSource {
  readonly #jobs: Database.Statement;
  readonly #job: Database.Statement;
  readonly #records: Database.Statement;

  constructor(database: Database.Database) {
    this.#jobs = database.prepare(`${JOB} WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#job = database.prepare(`${JOB} WHERE id = ?`);
    this.#records = database.prepare(
      'SELECT first, last, body, lower(hex(hash)) AS hash FROM logbook_record WHERE job = ? AND first > ? ORDER BY first LIMIT ?',
    );
  }

  async jobs(after: number, limit: number): Promise<RecordedJob[]> {
    return this.#jobs.all(after, limit) as RecordedJob[];
  }

  async job(id: string): Promise<RecordedJob | undefined> {
    return this.#job.get(id) as RecordedJob | undefined;
  }

  async records({ seq }: RecordedJob, after: number, limit: number): Promise<StoredRecord[]> {
    const found = this.#records.all(seq, after, limit) as (Omit<StoredRecord, 'hash'> & { readonly hash: string })[];
    // hex() of nothing is an empty text.
    return found.map(({ hash, ...record }) => ({ ...record, hash: hash === '' ? null : hash }));
  }
}
