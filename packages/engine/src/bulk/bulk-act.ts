// One act of a person on many jobs: a record of its own, with what became of each job.
import { z } from 'zod';
import type { Actor } from '../actor.ts';

/** The reason leaves room for the number of the bulk act behind it. */
const reason = z.string().trim().max(1_900).default('');

/** The acts that need nothing to be said of a single job. */
export const bulkActSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('CANCEL'), reason, then: z.enum(['revert', 'hold']) }),
  z.strictObject({ kind: z.literal('SUSPEND'), reason }),
  z.strictObject({ kind: z.literal('RESUME'), reason }),
  z.strictObject({ kind: z.literal('RETRY_FAILED'), reason }),
  z.strictObject({ kind: z.literal('TRY_AGAIN'), reason }),
]);
export type BulkAction = z.output<typeof bulkActSchema>;

/** Most jobs of one bulk act. */
export const MOST_BULK_JOBS = 10_000;

export interface BulkOrder {
  readonly act: BulkAction;
  readonly actor: Actor;
  /** The search whose jobs these are; empty when they were picked by hand. */
  readonly search: string;
  readonly jobs: readonly string[];
}

/** PREPARING while its jobs are written down; one that stays so was cut short, and nothing was done. */
export type BulkState = 'PREPARING' | 'RUNNING' | 'STOPPED' | 'ENDED';

export type BulkOutcome = 'done' | 'refused' | 'failed';

export interface BulkAct extends Omit<BulkOrder, 'jobs'> {
  readonly id: number;
  readonly askedAt: number;
  readonly state: BulkState;
  readonly total: number;
  readonly endedAt: number | null;
  /** How many jobs came to what; the others wait for their turn. */
  readonly outcomes: { readonly [outcome in BulkOutcome]: number };
}

/** One job of a bulk act, by its place in it. */
export interface BulkJob {
  readonly number: number;
  readonly job: string;
  /** Null until it was its turn. */
  readonly outcome: BulkOutcome | null;
  /** Why it was refused or failed. */
  readonly note: string;
  readonly at: number | null;
}
export interface SettledBulkJob extends BulkJob {
  readonly outcome: BulkOutcome;
}

/** How long a server is counted on that has taken a bulk act and says nothing more. */
export const BULK_LEASE_MS = 60_000;

/** Keeps bulk acts. */
export interface BulkActStore {
  /** Durable before it answers with the number. */
  post(order: BulkOrder, now: number): Promise<number>;
  get(id: number): Promise<BulkAct | undefined>;
  /** Newest first, below `before`. */
  list(query: { readonly before?: number; readonly limit: number }): Promise<readonly BulkAct[]>;
  /** In their order, behind `after`; of one outcome, or `null` for those that wait. */
  jobs(
    id: number,
    query: { readonly outcome?: BulkOutcome | null; readonly after: number; readonly limit: number },
  ): Promise<readonly BulkJob[]>;
  settle(id: number, settled: readonly SettledBulkJob[]): Promise<void>;
  /** Takes the oldest one that is RUNNING and that no server holds. */
  take(server: string, now: number): Promise<BulkAct | undefined>;
  /** Holds it for longer; false when it was stopped, or taken by another. */
  hold(id: number, server: string, now: number): Promise<boolean>;
  letGo(id: number, server: string): Promise<void>;
  /** What dead servers held may be taken at once (a restart of the only one). */
  releaseAll(): Promise<void>;
  /** False when it was over already. */
  end(id: number, state: 'STOPPED' | 'ENDED', now: number): Promise<boolean>;
}
