// The ledger of resources (Z2): which are held, by which job, at which stage, since when. It is a cache of the
// logbooks, changed in the transaction of each commit. Resources that were given back are only in the logbooks.
import type { JobState, RunState } from '../states.ts';

/** A resource as a job holds it. */
export interface HeldResource {
  /** Address of the task that took it. */
  readonly atom: string;
  readonly type: string;
  /** The name that people give the resource; the task's name when its type gives none. */
  readonly label: string;
  /** The furthest stage that has begun and is not undone. */
  readonly stage: string;
  /** All stages of its type, in order. */
  readonly stages: readonly string[];
  /** When the first stage began. */
  readonly since: number;
}

/** A change by a commit: the resource as it is held now, or null when no part of it is held any more. */
export type ResourceChange = { readonly atom: string; readonly held: HeldResource | null };

/** A resource in the ledger. */
export interface LedgerRow extends HeldResource {
  readonly job: string;
  readonly flow: string;
  readonly flowName: string;
  readonly jobState: JobState;
  readonly run: RunState;
  /** The resource is held although its job has ended. */
  readonly isOrphan: boolean;
}

export interface LedgerQuery {
  /** Only resources whose job has ended. */
  readonly orphans?: boolean;
  readonly type?: string;
  readonly job?: string;
  /** `next` of the page before this one. */
  readonly cursor?: string;
  readonly limit: number;
}
export interface LedgerPage {
  /** Newest first. */
  readonly rows: readonly LedgerRow[];
  readonly next: string | null;
}

/** The port to the store of the ledger. */
export interface ResourceLedger {
  resources(query: LedgerQuery): Promise<LedgerPage>;
  /** Number of resources held, and number of orphans among them. */
  resourceCounts(): Promise<{ readonly held: number; readonly orphans: number }>;
}
