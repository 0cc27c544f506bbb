// The port to the store of logbooks. Entries are durable when `commit` answers, and not before.
import type { ResourceChange } from '../resources/ledger.ts';
import type { Entry, ForwardOutcome } from './entry.ts';
import type { AttentionReason, JobState, RunState } from '../states.ts';

/** Columns of a job's row that lists show; a commit changes them together with the entries. */
export interface JobChange {
  readonly state: JobState;
  readonly run: RunState;
  readonly attention: AttentionReason | null;
  /** Why the job was dead-lettered; absent for every other reason. */
  readonly attentionNote?: string;
  /** When a WAITING job is to be claimed again, by the caller's clock; null when no time is due. */
  readonly wakeAt: number | null;
  /** A few words for lists: `failed at build`, or empty. */
  readonly forward: string;
  /** The forward outcome that those words tell; null while there is none. */
  readonly forwardKind: ForwardOutcome['kind'] | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** The entries and changes that one turn adds to one job. The store checks `token` in the same transaction (J3). */
export interface JobCommit {
  readonly job: string;
  readonly token: number;
  /** In order; their numbers follow the last stored entry without a gap. */
  readonly entries: readonly Entry[];
  /** Set when the job's row changes; a state other than CLAIMED ends the claim. */
  readonly change?: JobChange;
  /** Changes of the resources that the entries concern; stored in the same transaction. */
  readonly resources?: readonly ResourceChange[];
  /**
   * The caller's time. A board with its own clock makes the job due when the time from `at` to `wakeAt` has passed by that
   * clock, so that the caller's clock may be wrong; a board without one compares `wakeAt` with the time of later callers.
   */
  readonly at?: number;
  /** Jobs that wait for this one, which has come to rest: due at once, or as soon as they are parked (P9). */
  readonly wakes?: readonly string[];
}

/** A logbook store. */
export interface LogbookStore {
  /**
   * Commits durably; commits of several jobs that are waiting together share one sync. Answers `claim-lost`, and writes
   * nothing, when the job has another token. Throws STORE_FULL or STORE_FAILED, and then nothing was written.
   */
  commit(commit: JobCommit): Promise<'committed' | 'claim-lost'>;
  /**
   * Entries with `after < number`, ascending: at most `limit`, or fewer when they are large (entry-page.ts). `isLastPage` says
   * whether a short page is the last one. Throws JOB_UNKNOWN.
   */
  read(job: string, range: { readonly after: number; readonly limit: number }): Promise<readonly Entry[]>;
  /** Entries with `number < before`, descending, with the same bounds. Throws JOB_UNKNOWN. */
  readBack(job: string, range: { readonly before: number; readonly limit: number }): Promise<readonly Entry[]>;
  /** Calls `listener` with the entries of each commit to that job, after they are durable. Returns a function that removes it. */
  follow(job: string, listener: (entries: readonly Entry[]) => void): () => void;
}
