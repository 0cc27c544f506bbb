// The port to whatever holds the job board.
import type { Claim, JobOrder, JobRow } from './job.ts';
import type { ActBy } from '../events.ts';
import type { ActAnswer } from '../operator.ts';
import type { JobState } from '../states.ts';
import type { JobFilter } from './search/job-filter.ts';

/** How long a claim lasts without being renewed (SEMANTICS J3). */
export const LEASE_MS = 30_000;
/** Conductors that may be lost in a row with a job that does not get on; then it stands under attention (J4). */
export const MOST_RECLAIMS = 5;

/** A page of jobs: last posted first. */
export interface JobPage {
  readonly rows: readonly JobRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}
export interface JobQuery extends JobFilter {
  /** By the time of posting; newest first unless it is given. */
  readonly order?: 'newest' | 'oldest';
  readonly cursor?: string;
  readonly limit: number;
}

/** How many jobs a filter finds; `isExact` is false where there are more than `most` of `JobBoard.count`. */
export interface JobCount {
  readonly count: number;
  readonly isExact: boolean;
}

/** Hands acts of people to the process that drives the job (SEMANTICS B4). Only where several share a board. */
export interface ActRelay {
  /** Resolves with what whoever drives the job answered; null when nobody took it, and nothing was done. */
  ask(job: string, order: ActBy, now: number): Promise<ActAnswer | null>;
  /** Takes what is asked of jobs that this conductor has claimed; `perform` answers null for one that it does not drive. */
  serve(conductor: string, perform: (job: string, order: ActBy) => Promise<ActAnswer | null>): () => void;
}

/**
 * A job board. All times in milliseconds since 1970. `now` is the time of the caller; a board that several servers share
 * measures leases, and what is due, by a clock of its own, so that servers whose clocks differ agree.
 */
export interface JobBoard {
  readonly relay?: ActRelay;
  /** Durable before it answers; the POSTED entry (number 1) is written in the same transaction (J1). */
  post(order: JobOrder, now: number): Promise<{ readonly job: string; readonly fresh: boolean }>;
  /** Claims up to `limit` UNCLAIMED jobs, WAITING ones whose time has come, and CLAIMED ones whose lease ended: highest priority, then oldest (J2, J4). */
  claim(conductor: string, limit: number, now: number): Promise<readonly Claim[]>;
  /** Claims that very job for an act on it: WAITING, COMPLETE, UNCLAIMED, or with an ended lease. */
  claimJob(
    job: string,
    conductor: string,
    now: number,
  ): Promise<{ readonly kind: 'claimed'; readonly claim: Claim } | { readonly kind: 'taken'; readonly by: string }>;
  /** Prolongs the leases of a conductor's claims; answers with the jobs whose claim is no longer its own. */
  renew(conductor: string, claims: readonly Claim[], now: number): Promise<readonly string[]>;
  /** Gives a claim back without work done. */
  abandon(claim: Claim, now: number): Promise<void>;
  /** Ends every lease of conductors that are known to be dead (a restart of the only process). */
  releaseAll(now: number): Promise<number>;
  get(job: string): Promise<JobRow | undefined>;
  /** The job that was posted with that client's key. */
  byKey(key: string): Promise<string | undefined>;
  list(query: JobQuery): Promise<JobPage>;
  /** How many that is, up to `most`. */
  count(filter: JobFilter, most: number): Promise<JobCount>;
  /** Jobs of a flow whose run has ended and not gone on since, newest first, at most `limit`. */
  ended(flow: string, limit: number): Promise<readonly JobRow[]>;
  /** Jobs by state, and those under attention. */
  counts(): Promise<{ readonly byState: { readonly [state in JobState]?: number }; readonly attention: number }>;
  /** Called when there may be something to claim. Returns the way to stop. */
  onPosted(listener: () => void): () => void;
  /** Called after any job's row changed, with its id. Returns the way to stop. */
  onChanged(listener: (job: string) => void): () => void;
}
