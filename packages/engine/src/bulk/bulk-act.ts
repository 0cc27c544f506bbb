// One act of a person on many jobs: a record with the outcome for each job.
import { z } from 'zod';
import type { Actor } from '../actor.ts';

/** Shorter than the reason of a single act, because the number of the bulk act is appended to it. */
const reason = z.string().trim().max(1_900).default('');

/** The acts that need no data about a single job. */
export const bulkActSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('CANCEL'), reason, then: z.enum(['revert', 'hold']) }),
  z.strictObject({ kind: z.literal('SUSPEND'), reason }),
  z.strictObject({ kind: z.literal('RESUME'), reason }),
  z.strictObject({ kind: z.literal('RETRY_FAILED'), reason }),
  z.strictObject({ kind: z.literal('TRY_AGAIN'), reason }),
]);
export type BulkAction = z.output<typeof bulkActSchema>;

/** Largest number of jobs of one bulk act. */
export const MOST_BULK_JOBS = 10_000;

export interface BulkOrder {
  readonly act: BulkAction;
  readonly actor: Actor;
  /** The search that found the jobs; empty when a person picked them. */
  readonly search: string;
  readonly jobs: readonly string[];
}

/** PREPARING while the jobs are stored. A bulk act that stays PREPARING was interrupted, and nothing was done. */
export type BulkState = 'PREPARING' | 'RUNNING' | 'STOPPED' | 'ENDED';

export type BulkOutcome = 'done' | 'refused' | 'failed';

export interface BulkAct extends Omit<BulkOrder, 'jobs'> {
  readonly id: number;
  readonly askedAt: number;
  readonly state: BulkState;
  readonly total: number;
  readonly endedAt: number | null;
  /** Number of jobs by outcome; the other jobs are waiting. */
  readonly outcomes: { readonly [outcome in BulkOutcome]: number };
}

/** One job of a bulk act, by its number in it. */
export interface BulkJob {
  readonly number: number;
  readonly job: string;
  /** Null while the job is waiting. */
  readonly outcome: BulkOutcome | null;
  /** Why the act was refused or failed. */
  readonly note: string;
  readonly at: number | null;
}
export interface SettledBulkJob extends BulkJob {
  readonly outcome: BulkOutcome;
}

/** Time after which another server may take over a bulk act that its server no longer renews. */
export const BULK_LEASE_MS = 60_000;

/** A store of bulk acts. */
export interface BulkActStore {
  /** Answers with the number after the bulk act is durable. */
  post(order: BulkOrder, now: number): Promise<number>;
  get(id: number): Promise<BulkAct | undefined>;
  /** Newest first, with a number below `before`. */
  list(query: { readonly before?: number; readonly limit: number }): Promise<readonly BulkAct[]>;
  /** Jobs in their order, with a number above `after`; only those with that outcome, `null` for waiting ones. */
  jobs(
    id: number,
    query: { readonly outcome?: BulkOutcome | null; readonly after: number; readonly limit: number },
  ): Promise<readonly BulkJob[]>;
  settle(id: number, settled: readonly SettledBulkJob[]): Promise<void>;
  /** Takes the oldest RUNNING bulk act that no server holds. */
  take(server: string, now: number): Promise<BulkAct | undefined>;
  /** Renews the server's lease; false when the bulk act was stopped or another server has taken it. */
  hold(id: number, server: string, now: number): Promise<boolean>;
  release(id: number, server: string): Promise<void>;
  /** Ends all leases, after a restart of the only server showed that their holders are dead. */
  releaseAll(): Promise<void>;
  /** False when the bulk act had already ended. */
  end(id: number, state: 'STOPPED' | 'ENDED', now: number): Promise<boolean>;
}
