// The logbook in SQLite: one row a commit and job, holding all its entries.
//
// Layouts measured here, rows a second at 1, 10 and 50 rows a commit (bytes a row):
//   append in rowid order + index (job, first)   4,871   40,809   121,271   (161)   <- this one
//   clustered by (job, first)                    4,557   41,894   110,307   (154)
//   one row an entry instead of a commit: twice the rows for the same steps
// The token and the last number are checked in the same transaction, from heads.ts. An UPDATE of the job's
// row for each commit would cost more; the row changes only if a column that lists show changes.
import { EngineError, type JobChange, type JobCommit, type LogbookStore, type ResourceChange, WOKEN_AT } from '@windlass/engine/ports';
import type { Entry } from '@windlass/engine/run';
import type Database from 'libsql';
import { chainHash, hashBytes } from '../records/chain-hash.ts';
import type { CommitQueue } from './commit-queue.ts';
import { pageAfter, pageBefore } from '../records/entry-pages.ts';
import type { RecordBody } from '../records/record-token.ts';
import { encodeEntries } from '../records/entry-codec.ts';
import type { Followers } from '../followers.ts';
import type { Head, Heads } from './heads.ts';
import { WAKE_JOB } from './wake-job.ts';

interface LogbookParts {
  readonly database: Database.Database;
  readonly queue: CommitQueue;
  readonly heads: Heads;
  readonly followers: Followers;
  readonly onChanged: (job: string) => void;
  /** A job may be ready to be claimed. */
  readonly onPosted: () => void;
}

/**
 * Records that are read at once. One of a wide run holds hundreds of entries: at 200, and each of them decoded, loading a
 * logbook of 50,000 entries took 4.8 s instead of 0.9.
 */
const RECORDS = 24;

export class SqliteLogbook implements LogbookStore {
  readonly #queue: CommitQueue;
  readonly #heads: Heads;
  readonly #head: Database.Statement;
  readonly #append: Database.Statement;
  readonly #update: Database.Statement;
  readonly #wake: Database.Statement;
  readonly #putResource: Database.Statement;
  readonly #deleteResource: Database.Statement;
  readonly #seq: Database.Statement;
  readonly #forward: Database.Statement;
  readonly #backward: Database.Statement;
  readonly #followers: Followers;
  readonly #onChanged: (job: string) => void;
  readonly #onPosted: () => void;

  constructor({ database, queue, heads, followers, onChanged, onPosted }: LogbookParts) {
    this.#queue = queue;
    this.#heads = heads;
    this.#followers = followers;
    this.#onChanged = onChanged;
    this.#onPosted = onPosted;
    this.#head = database.prepare(
      `SELECT seq, token, state, coalesce(last, 0) AS last, coalesce(lower(hex(hash)), '') AS hash
       FROM job LEFT JOIN (SELECT job, last, hash FROM logbook_record WHERE job = (SELECT seq FROM job WHERE id = ?1) ORDER BY first DESC LIMIT 1) ON job = seq
       WHERE id = ?1`,
    );
    this.#append = database.prepare('INSERT INTO logbook_record (job, first, last, body, hash) VALUES (?, ?, ?, ?, ?)');
    this.#update = database.prepare(
      `UPDATE job SET state = ?1, run = ?2, attention = ?3, attention_note = ?4, forward = ?5, forward_kind = ?10, started_at = ?6, ended_at = ?7,
       wake_at = CASE ?1 WHEN 'CLAIMED' THEN wake_at WHEN 'WAITING' THEN
         CASE WHEN ?3 = 'dead_lettered' THEN NULL ELSE min(coalesce(?8, wake_at), coalesce(wake_at, ?8)) END END,
       owner = CASE WHEN ?1 = 'CLAIMED' THEN owner END, lease_until = CASE WHEN ?1 = 'CLAIMED' THEN lease_until END WHERE seq = ?9`,
    );
    this.#wake = database.prepare(WAKE_JOB);
    this.#putResource = database.prepare(
      `INSERT INTO resource (job, atom, type, label, stage, stages, since) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (job, atom) DO UPDATE SET label = excluded.label, stage = excluded.stage, since = excluded.since`,
    );
    this.#deleteResource = database.prepare('DELETE FROM resource WHERE job = ? AND atom = ?');
    this.#seq = database.prepare('SELECT seq FROM job WHERE id = ?');
    this.#forward = database.prepare('SELECT first, last, body FROM logbook_record WHERE job = ? AND last > ? ORDER BY first LIMIT ?');
    this.#backward = database.prepare(
      'SELECT first, last, body FROM logbook_record WHERE job = ? AND first < ? ORDER BY first DESC LIMIT ?',
    );
  }

  async commit(commit: JobCommit): Promise<'committed' | 'claim-lost'> {
    const body = commit.entries.length > 0 ? encodeEntries(commit.entries) : null;
    const outcome = await this.#queue.submit(() => this.#write(commit, body));
    if (outcome === 'claim-lost') return outcome;
    if (commit.entries.length > 0) this.#followers.tell(commit.job, commit.entries);
    if (commit.change) this.#onChanged(commit.job);
    if (commit.wakes !== undefined) {
      for (const woken of commit.wakes) this.#onChanged(woken);
      this.#onPosted();
    }
    return outcome;
  }

  async read(job: string, { after, limit }: { after: number; limit: number }): Promise<Entry[]> {
    const seq = this.#seqOf(job);
    const records = (at: number, count: number) => this.#forward.all(seq, at, count) as RecordBody[];
    return pageAfter(after, { job, limit, most: RECORDS, records });
  }

  async readBack(job: string, { before, limit }: { before: number; limit: number }): Promise<Entry[]> {
    const seq = this.#seqOf(job);
    const records = (at: number, count: number) => this.#backward.all(seq, at, count) as RecordBody[];
    return pageBefore(before, { job, limit, most: RECORDS, records });
  }

  follow(job: string, listener: (entries: readonly Entry[]) => void): () => void {
    return this.#followers.follow(job, listener);
  }

  #write({ job, token, entries, change, resources, wakes }: JobCommit, body: string | null): 'committed' | 'claim-lost' {
    const head = this.#heads.get(job) ?? (this.#head.get(job) as Head | undefined);
    if (head === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    // The token alone is not enough: a released claim is over before another one is taken.
    if (head.token !== token || head.state !== 'CLAIMED') return 'claim-lost';
    let { last, hash } = head;
    if (body !== null) {
      const first = entries[0]?.number ?? 0;
      if (first !== last + 1) {
        throw new EngineError(
          'LOGBOOK_BROKEN',
          `Entry ${first} of ${job} does not follow the last stored one, ${last}; nothing was written.`,
        );
      }
      last += entries.length;
      hash = chainHash(hash, body);
      this.#append.run(head.seq, first, last, body, hashBytes(hash));
    }
    if (change) this.#change(head.seq, change);
    for (const one of resources ?? []) this.#keepLedger(head.seq, one);
    for (const woken of wakes ?? []) this.#wake.run(WOKEN_AT, woken);
    this.#heads.set(job, { seq: head.seq, token, state: change?.state ?? head.state, last, hash });
    return 'committed';
  }

  #change(seq: number, { state, run, attention, attentionNote, forward, forwardKind, startedAt, endedAt, wakeAt }: JobChange): void {
    this.#update.run(...[state, run, attention, attentionNote ?? null, forward, startedAt, endedAt, wakeAt, seq, forwardKind]);
  }

  #keepLedger(seq: number, { atom, held }: ResourceChange): void {
    if (held === null) this.#deleteResource.run(seq, atom);
    else this.#putResource.run(seq, atom, held.type, held.label, held.stage, JSON.stringify(held.stages), held.since);
  }

  #seqOf(job: string): number {
    const found = this.#seq.get(job) as { seq: number } | undefined;
    if (found === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    return found.seq;
  }
}
