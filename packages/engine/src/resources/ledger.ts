// The ledger of resources (SEMANTICS Z2): what is held, by which job, at which stage, since when. It is a cache of the
// logbooks, kept in the transaction of the commit that changes it; what is given back is in the logbook alone.
import type { JobState, RunState } from '../states.ts';

/** A resource as a job holds it. */
export interface HeldResource {
  /** Address of the task that took it. */
  readonly atom: string;
  readonly type: string;
  /** What people call it; the task's name where its type does not say. */
  readonly label: string;
  /** The furthest stage that was begun and is not undone. */
  readonly stage: string;
  /** All stages of its type, in order. */
  readonly stages: readonly string[];
  /** When the first stage was begun. */
  readonly since: number;
}

/** What a commit changes: a resource as it is held now, or that nothing of it is held any more. */
export type ResourceChange = { readonly atom: string; readonly held: HeldResource | null };

/** A resource in the ledger. */
export interface LedgerRow extends HeldResource {
  readonly job: string;
  readonly flow: string;
  readonly flowName: string;
  readonly jobState: JobState;
  readonly run: RunState;
  /** Held, and its job is over. */
  readonly isOrphan: boolean;
}

export interface LedgerQuery {
  /** Only those whose job is over. */
  readonly orphans?: boolean;
  readonly type?: string;
  readonly job?: string;
  /** `next` of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}
export interface LedgerPage {
  /** Newest first. */
  readonly rows: readonly LedgerRow[];
  readonly next: string | null;
}

/** The port to whatever keeps the ledger. */
export interface ResourceLedger {
  resources(query: LedgerQuery): Promise<LedgerPage>;
  /** How many are held, and how many of them are orphans. */
  resourceCounts(): Promise<{ readonly held: number; readonly orphans: number }>;
}
