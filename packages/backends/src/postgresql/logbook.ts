// The logbook in PostgreSQL: one row a commit and job, holding all its entries, as in SQLite.
import { EngineError, type JobCommit, type LogbookStore } from '@windlass/engine/ports';
import type { Entry } from '@windlass/engine/run';
import type pg from 'pg';
import { pageAfter, pageBefore } from '../records/entry-pages.ts';
import type { RecordBody } from '../records/record-token.ts';
import type { Followers } from '../followers.ts';
import { Batches } from './batches.ts';
import type { NotifyConnection } from './notify-connection.ts';
import { type CommitAnswer, type CommitOrder, commitJobs, commitOrder } from './commit-jobs.ts';
import { translate } from './connection.ts';
import type { Notice } from './notice.ts';

/** Records that are read at once. */
const PAGE = 64;
/** Largest number of entries of another process that a follower gets at once; a gap says that there are more to read. */
const MOST_TOLD = 500;

// One row where there is a job and no record. Reading begins with the record that holds the first entry asked for.
const FORWARD = `
SELECT r.first, r.last, r.body FROM job j LEFT JOIN LATERAL (
  SELECT first, last, body FROM logbook_record WHERE job = j.seq AND first >= coalesce(
    (SELECT first FROM logbook_record WHERE job = j.seq AND first <= $2::bigint + 1 ORDER BY first DESC LIMIT 1), 0)
  ORDER BY first LIMIT $3
) r ON true WHERE j.id = $1`;
const BACKWARD = `
SELECT r.first, r.last, r.body FROM job j LEFT JOIN LATERAL (
  SELECT first, last, body FROM logbook_record WHERE job = j.seq AND first < $2::bigint ORDER BY first DESC LIMIT $3
) r ON true WHERE j.id = $1`;

interface LogbookParts {
  readonly pool: pg.Pool;
  readonly followers: Followers;
  /** Null where nothing is written. */
  readonly notify: NotifyConnection | null;
  readonly onChanged: (job: string) => void;
  /** A job may be ready to be claimed. */
  readonly onPosted: () => void;
}

export class PostgresLogbook implements LogbookStore {
  readonly #pool: pg.Pool;
  readonly #followers: Followers;
  readonly #notify: NotifyConnection | null;
  readonly #onChanged: (job: string) => void;
  readonly #onPosted: () => void;
  readonly #commits: Batches<CommitOrder, CommitAnswer>;
  #telling: Promise<void> = Promise.resolve();

  constructor({ pool, followers, notify, onChanged, onPosted }: LogbookParts) {
    this.#pool = pool;
    this.#followers = followers;
    this.#notify = notify;
    this.#onChanged = onChanged;
    this.#onPosted = onPosted;
    this.#commits = new Batches({
      perform: (orders, again) => commitJobs(pool, orders, again),
      keyOf: ({ commit }) => commit.job,
      lanes: 2,
      most: 200,
    });
  }

  async commit(commit: JobCommit): Promise<CommitAnswer> {
    const outcome = await this.#commits.submit(commitOrder(commit));
    if (outcome === 'claim-lost') return outcome;
    const { job, entries, change, wakes } = commit;
    const [first, last] = [entries[0], entries.at(-1)];
    if (first !== undefined && last !== undefined) {
      this.#followers.tell(job, entries);
      this.#notify?.tellWritten(job, first.number, last.number);
    }
    if (change) this.#onChanged(job);
    if (wakes !== undefined) {
      for (const woken of wakes) this.#onChanged(woken);
      this.#onPosted();
    }
    return outcome;
  }

  read(job: string, { after, limit }: { after: number; limit: number }): Promise<Entry[]> {
    const records = (at: number, count: number) => this.#records(job, { name: 'read_forward', text: FORWARD }, [at, count]);
    return pageAfter(after, { job, limit, most: PAGE, records });
  }

  readBack(job: string, { before, limit }: { before: number; limit: number }): Promise<Entry[]> {
    const records = (at: number, count: number) => this.#records(job, { name: 'read_backward', text: BACKWARD }, [at, count]);
    return pageBefore(before, { job, limit, most: PAGE, records });
  }

  follow(job: string, listener: (entries: readonly Entry[]) => void): () => void {
    return this.#followers.follow(job, listener);
  }

  /** Reads entries of other processes for the followers in this one. One after another, so that they stay in order. */
  hearWritten(written: Notice['written']): void {
    for (const [job, first, last] of written) {
      if (!this.#followers.has(job)) continue;
      const after = Math.max(first - 1, last - MOST_TOLD);
      this.#telling = this.#telling.then(() => this.#tellRead(job, { after, last }));
    }
  }

  /** After notifications may have been lost: each follower gets the last entry, and sees by its number which entries are missing. */
  hearAnything(): void {
    for (const job of this.#followers.jobs()) {
      this.#telling = this.#telling.then(async () => {
        const last = await this.readBack(job, { before: Number.MAX_SAFE_INTEGER, limit: 1 }).catch(() => []);
        if (last.length > 0) this.#followers.tell(job, last);
      });
    }
  }

  /** Reads all pages, because a follower could not notice that the last entries are missing. */
  async #tellRead(job: string, { after, last }: { readonly after: number; readonly last: number }): Promise<void> {
    for (let from = after; from < last; ) {
      const entries = await this.read(job, { after: from, limit: last - from }).catch(() => []);
      if (entries.length === 0) return;
      this.#followers.tell(job, entries);
      from = entries.at(-1)?.number ?? last;
    }
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#telling;
  }

  async #records(
    job: string,
    query: { readonly name: string; readonly text: string },
    [at, limit]: [at: number, limit: number],
  ): Promise<RecordBody[]> {
    const values = [job, Math.min(at, Number.MAX_SAFE_INTEGER - 1), limit];
    const { rows } = await this.#pool
      .query<RecordBody | { readonly first: null }>({ ...query, values })
      .catch((thrown: unknown) => Promise.reject(translate(thrown)));
    if (rows.length === 0) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    return rows.filter((row) => row.first !== null);
  }
}
