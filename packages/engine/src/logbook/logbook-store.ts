// The port to whatever keeps logbooks. Entries are durable when `commit` answers, and not before.
import type { ResourceChange } from '../resources/ledger.ts';
import type { Entry } from './entry.ts';
import type { AttentionReason, JobState, RunState } from '../states.ts';

/** The columns of a job's row that lists are made of; kept in step with its entries. */
export interface JobChange {
  readonly state: JobState;
  readonly run: RunState;
  readonly attention: AttentionReason | null;
  /** Why it was dead-lettered; left out in every other case. */
  readonly attentionNote?: string;
  /** When a WAITING job is to be claimed again by itself; null when nothing is due. */
  readonly wakeAt: number | null;
  /** Short words for lists: `failed at build`, or empty. */
  readonly forward: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What one turn of one job adds. The store checks `token` in the same transaction (J3). */
export interface JobCommit {
  readonly job: string;
  readonly token: number;
  /** In order, their numbers following the last stored one without a gap. */
  readonly entries: readonly Entry[];
  /** Present when the job's row changes; a state other than CLAIMED gives the claim up. */
  readonly change?: JobChange;
  /** What becomes of the resources that the entries speak of; kept in the same transaction. */
  readonly resources?: readonly ResourceChange[];
  /** The job that waits for this one, which has come to rest: it is due at that time, or as soon as it is parked (P9). */
  readonly wakes?: { readonly job: string; readonly at: number };
}

/** A logbook store. */
export interface LogbookStore {
  /**
   * Commits durably; commits of several jobs asked for at once share one sync. Answers `claim-lost`, having
   * written nothing, when the job's token is another. Throws STORE_FULL or STORE_FAILED, having written nothing.
   */
  commit(commit: JobCommit): Promise<'committed' | 'claim-lost'>;
  /**
   * Entries with `after < number`, ascending, at most `limit`, and fewer where they are heavy (entry-page.ts): whether a
   * short page is the last one, `isLastPage` tells. Throws JOB_UNKNOWN.
   */
  read(job: string, range: { readonly after: number; readonly limit: number }): Promise<readonly Entry[]>;
  /** Entries with `number < before`, descending, bounded in the same way. Throws JOB_UNKNOWN. */
  readBack(job: string, range: { readonly before: number; readonly limit: number }): Promise<readonly Entry[]>;
  /** Calls `listener` with the entries of each commit to that job, after it is durable. Returns the way to stop. */
  follow(job: string, listener: (entries: readonly Entry[]) => void): () => void;
}
