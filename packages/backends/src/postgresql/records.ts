// The stored records of PostgreSQL, for the command that verifies and exports logbooks.
import type pg from 'pg';
import type { RecordSource, RecordedJob, StoredRecord } from '../records/record-source.ts';

const JOB = 'SELECT seq, id, flow_id AS flow, flow_name AS "flowName", version FROM job';
const RECORDS = `SELECT first, last, body, encode(hash, 'hex') AS hash FROM logbook_record WHERE job = $1 AND first > $2 ORDER BY first LIMIT $3`;

export class PostgresRecords implements RecordSource {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async jobs(after: number, limit: number): Promise<RecordedJob[]> {
    return (await this.#pool.query<RecordedJob>(`${JOB} WHERE seq > $1 ORDER BY seq LIMIT $2`, [after, limit])).rows;
  }

  async job(id: string): Promise<RecordedJob | undefined> {
    return (await this.#pool.query<RecordedJob>(`${JOB} WHERE id = $1`, [id])).rows[0];
  }

  async records({ seq }: RecordedJob, after: number, limit: number): Promise<StoredRecord[]> {
    return (await this.#pool.query<StoredRecord>(RECORDS, [seq, after, limit])).rows;
  }
}
