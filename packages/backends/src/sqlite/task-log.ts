// Log lines of tasks in SQLite: written through the commit queue, after the commits.
import type { LogLine, LogQuery, TaskLogStore } from '@windlass/engine/ports';
import type { StoredLogLine } from '@windlass/engine/run';
import type Database from 'libsql';
import type { CommitQueue } from './commit-queue.ts';
import { storable } from '../records/storable.ts';

export class SqliteTaskLog implements TaskLogStore {
  readonly #queue: CommitQueue;
  readonly #append: Database.Statement;
  readonly #read: Database.Statement;

  constructor({ database, queue }: { readonly database: Database.Database; readonly queue: CommitQueue }) {
    this.#queue = queue;
    this.#append = database.prepare(
      'INSERT INTO task_log_line (job, atom, attempt, kind, number, time, text) SELECT seq, ?, ?, ?, ?, ?, ? FROM job WHERE id = ?',
    );
    this.#read = database.prepare(
      `SELECT id AS cursor, attempt, kind, number, time, text FROM task_log_line
       WHERE job = (SELECT seq FROM job WHERE id = ?) AND atom = ? AND id > ? AND attempt = coalesce(?, attempt) ORDER BY id LIMIT ?`,
    );
  }

  async append(lines: readonly LogLine[]): Promise<void> {
    await this.#queue.submit(() => {
      for (const { job, atom, attempt, kind, number, time, text } of lines)
        this.#append.run(atom, attempt, kind, number, time, storable(text), job);
    });
  }

  async read({ job, atom, attempt, after = 0, limit }: LogQuery): Promise<readonly StoredLogLine[]> {
    return this.#read.all(job, atom, after, attempt ?? null, limit) as StoredLogLine[];
  }
}
