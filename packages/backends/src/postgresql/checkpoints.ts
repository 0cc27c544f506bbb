// Checkpoints in PostgreSQL.
import type { Checkpoint, CheckpointStore } from '@windlass/engine/ports';
import type pg from 'pg';
import { translate } from './connection.ts';

const KEEP = `
INSERT INTO checkpoint (job, number, fold, flow, body) SELECT seq, $2, $3, $4, $5 FROM job WHERE id = $1
ON CONFLICT (job) DO UPDATE SET number = excluded.number, fold = excluded.fold, flow = excluded.flow, body = excluded.body`;
const LATEST = 'SELECT number, fold, flow, body FROM checkpoint WHERE job = (SELECT seq FROM job WHERE id = $1)';

export class PostgresCheckpoints implements CheckpointStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async keep(job: string, { number, fold, flow, body }: Checkpoint): Promise<void> {
    await this.#pool.query(KEEP, [job, number, fold, flow, body]).catch((thrown: unknown) => Promise.reject(translate(thrown)));
  }

  async latest(job: string): Promise<Checkpoint | null> {
    const { rows } = await this.#pool.query<Checkpoint>(LATEST, [job]).catch((thrown: unknown) => Promise.reject(translate(thrown)));
    return rows[0] ?? null;
  }
}
