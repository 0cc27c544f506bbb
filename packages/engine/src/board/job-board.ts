// The port to the job board.
import type { Claim, JobOrder, JobRow } from './job.ts';
import type { ActBy } from '../events.ts';
import type { ActAnswer } from '../operator.ts';
import type { RestingJob } from '../run/state/awaited-jobs.ts';
import type { JobState } from '../states.ts';
import type { JobFilter } from './search/job-filter.ts';

/** Length of a claim's lease, unless it is renewed (J3). */
export const LEASE_MS = 30_000;
/** The due time of a parked job that was woken: it is offered at once, and its own time has not come. */
export const WOKEN_AT = 0;
/** After so many lost conductors in a row without progress on a job, the job stands under attention (J4). */
export const MOST_RECLAIMS = 5;

/** A page of jobs, the last posted first. */
export interface JobPage {
  readonly rows: readonly JobRow[];
  /** The `cursor` of the next page; null on the last page. */
  readonly next: string | null;
}
export interface JobQuery extends JobFilter {
  /** Order by the time of posting; newest first by default. */
  readonly order?: 'newest' | 'oldest';
  readonly cursor?: string;
  readonly limit: number;
}

/** Number of jobs that a filter finds; `isExact` is false when there are more than the `most` given to `JobBoard.count`. */
export interface JobCount {
  readonly count: number;
  readonly isExact: boolean;
}

/** Passes acts of people to the process that drives the job (B4). Only boards that several processes share have it. */
export interface ActRelay {
  /** Resolves with the driving process's answer; null when no process took the act, so nothing was done. */
  ask(job: string, order: ActBy, now: number): Promise<ActAnswer | null>;
  /** Receives acts on jobs that this conductor has claimed; `perform` answers null for a job that this conductor does not drive. */
  serve(conductor: string, perform: (job: string, order: ActBy) => Promise<ActAnswer | null>): () => void;
}

/**
 * A job board. All times are in milliseconds since 1970. `now` is the caller's time; a board that several servers share uses
 * its own clock for leases and due times, so that servers with different clocks agree.
 */
export interface JobBoard {
  readonly relay?: ActRelay;
  /** The board has a clock of its own, which the clock of each conductor follows. */
  readonly hasClock?: true;
  /** Answers after the job is durable; the same transaction writes its POSTED entry, number 1 (J1). */
  post(order: JobOrder, now: number): Promise<{ readonly job: string; readonly fresh: boolean }>;
  /**
   * Claims up to `limit` jobs: UNCLAIMED ones, WAITING ones that are due, and CLAIMED ones whose lease ended. Highest priority
   * first, then oldest (J2, J4).
   */
  claim(conductor: string, limit: number, now: number): Promise<readonly Claim[]>;
  /** Claims one job for an act on it: it must be WAITING, COMPLETE, UNCLAIMED, or CLAIMED with an ended lease. */
  claimJob(
    job: string,
    conductor: string,
    now: number,
  ): Promise<{ readonly kind: 'claimed'; readonly claim: Claim } | { readonly kind: 'taken'; readonly by: string }>;
  /** Renews the leases of a conductor's claims; answers with the jobs whose claim the conductor has lost. */
  renew(conductor: string, claims: readonly Claim[], now: number): Promise<readonly string[]>;
  /** Releases a claim without work done. */
  abandon(claim: Claim, now: number): Promise<void>;
  /** Ends all leases, after a restart of the only process showed that every former conductor is dead. */
  releaseAll(now: number): Promise<number>;
  get(job: string): Promise<JobRow | undefined>;
  /** Those of the jobs that are at rest (`isAtRest`), or not on the board. */
  atRest(jobs: readonly string[]): Promise<readonly RestingJob[]>;
  /** The job that was posted with that client key. */
  byKey(key: string): Promise<string | undefined>;
  list(query: JobQuery): Promise<JobPage>;
  /** Number of jobs that a filter finds, counted up to `most`. */
  count(filter: JobFilter, most: number): Promise<JobCount>;
  /** Jobs of a flow whose run has ended and has not been started again, newest first, at most `limit`. */
  ended(flow: string, limit: number): Promise<readonly JobRow[]>;
  /** Number of jobs by state, and number of jobs under attention. */
  counts(): Promise<{ readonly byState: { readonly [state in JobState]?: number }; readonly attention: number }>;
  /** Calls the listener when a job may be ready to claim. Returns a function that removes the listener. */
  onPosted(listener: () => void): () => void;
  /** Calls the listener with a job's id after its row changed. Returns a function that removes the listener. */
  onChanged(listener: (job: string) => void): () => void;
}
