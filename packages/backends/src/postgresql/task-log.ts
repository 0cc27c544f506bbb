// Log lines of tasks in PostgreSQL.
import type { LogLine, LogQuery, TaskLogStore } from '@windlass/engine/ports';
import type { StoredLogLine } from '@windlass/engine/run';
import type pg from 'pg';
import { storable } from '../records/storable.ts';
import { translate } from './connection.ts';

const APPEND = `
INSERT INTO task_log_line (job, atom, attempt, kind, number, time, text)
SELECT j.seq, g.atom, g.attempt, g.kind, g.number, g.time, g.text
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::int[], $6::bigint[], $7::text[])
  WITH ORDINALITY AS g (job, atom, attempt, kind, number, time, text, n) JOIN job j ON j.id = g.job ORDER BY g.n`;
const READ = `
SELECT id::float8 AS cursor, attempt, kind, number, time::float8 AS time, text FROM task_log_line
WHERE job = (SELECT seq FROM job WHERE id = $1) AND atom = $2 AND id > $3 AND attempt = coalesce($4::int, attempt) ORDER BY id LIMIT $5`;

export class PostgresTaskLog implements TaskLogStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async append(lines: readonly LogLine[]): Promise<void> {
    const of = <T>(field: (line: LogLine) => T) => lines.map(field);
    const columns = [
      ...[of(({ job }) => job), of(({ atom }) => atom), of(({ attempt }) => attempt), of(({ kind }) => kind)],
      ...[of(({ number }) => number), of(({ time }) => time), of(({ text }) => storable(text))],
    ];
    await this.#pool.query(APPEND, columns).catch((thrown: unknown) => Promise.reject(translate(thrown)));
  }

  async read({ job, atom, attempt, after = 0, limit }: LogQuery): Promise<readonly StoredLogLine[]> {
    const { rows } = await this.#pool
      .query<StoredLogLine>(READ, [job, atom, after, attempt ?? null, limit])
      .catch((thrown: unknown) => Promise.reject(translate(thrown)));
    return rows;
  }
}
