// Checkpoints in SQLite: written through the commit queue, because one connection writes.
import type { Checkpoint, CheckpointStore } from '@windlass/engine/ports';
import type Database from 'libsql';
import type { CommitQueue } from './commit-queue.ts';

export class SqliteCheckpoints implements CheckpointStore {
  readonly #queue: CommitQueue;
  readonly #keep: Database.Statement;
  readonly #latest: Database.Statement;

  constructor({ database, queue }: { readonly database: Database.Database; readonly queue: CommitQueue }) {
    this.#queue = queue;
    this.#keep = database.prepare(
      `INSERT INTO checkpoint (job, number, fold, flow, body) SELECT seq, ?, ?, ?, ? FROM job WHERE id = ?
       ON CONFLICT (job) DO UPDATE SET number = excluded.number, fold = excluded.fold, flow = excluded.flow, body = excluded.body`,
    );
    this.#latest = database.prepare('SELECT number, fold, flow, body FROM checkpoint WHERE job = (SELECT seq FROM job WHERE id = ?)');
  }

  async keep(job: string, { number, fold, flow, body }: Checkpoint): Promise<void> {
    await this.#queue.submit(() => void this.#keep.run(number, fold, flow, body, job));
  }

  async latest(job: string): Promise<Checkpoint | null> {
    const kept = this.#latest.get(job) as Checkpoint | undefined;
    return kept === undefined ? null : { number: kept.number, fold: kept.fold, flow: kept.flow, body: kept.body };
  }
}
