import type { Actor } from '../actor.ts';
import type { JsonObject } from '../json.ts';
import type { AttentionReason, JobState, RunState } from '../states.ts';

/** One order to carry out a flow version with given inputs. */
export interface JobOrder {
  readonly flow: string;
  readonly version: number;
  readonly flowName: string;
  readonly inputs: JsonObject;
  readonly priority: number;
  readonly actor: Actor;
  /** A client's key: posting again with the same key answers with the job that is there (J1). */
  readonly key: string | null;
  /** The atom of another job that posted this one (SEMANTICS P9). */
  readonly parent?: { readonly job: string; readonly atom: string };
  /** Run only this item and what it needs (P10). */
  readonly target?: string;
  /** Inputs whose values are not to be found by a search. */
  readonly unsearched?: readonly string[];
}

/** A job as lists show it. */
export interface JobRow {
  /** `job_` and 12 characters of base 32. */
  readonly id: string;
  readonly flow: string;
  readonly flowName: string;
  readonly version: number;
  readonly state: JobState;
  readonly run: RunState;
  readonly attention: AttentionReason | null;
  /** Why a dead-lettered job was given up; null with every other reason, which its logbook explains. */
  readonly attentionNote: string | null;
  /** `failed at build`, `cancelled`, `succeeded`, or empty while it goes on. */
  readonly forward: string;
  readonly priority: number;
  readonly postedAt: number;
  readonly postedBy: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Who holds the claim, and until when; null when nobody does. */
  readonly owner: string | null;
  readonly leaseUntil: number | null;
  /** When a WAITING job is claimed again by itself. */
  readonly wakeAt: number | null;
  /** The job that posted this one. */
  readonly parent: string | null;
  /** How many jobs launched one another down to this one; 0 where a person or a program posted it. */
  readonly depth: number;
  /** The only item that was asked for, if one was. */
  readonly target: string | null;
}

/** The exclusive, leased, fenced right to work on a job. */
export interface Claim {
  readonly job: string;
  readonly flow: string;
  readonly version: number;
  readonly parent: string | null;
  readonly target: string | null;
  readonly token: number;
  /** State of the job before this claim. */
  readonly from: JobState;
}
