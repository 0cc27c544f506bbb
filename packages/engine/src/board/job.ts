import type { Actor } from '../actor.ts';
import type { JsonObject } from '../json.ts';
import type { ForwardOutcome } from '../logbook/entry.ts';
import type { AttentionReason, JobState, RunState } from '../states.ts';

/** An order to carry out a flow version with given inputs. */
export interface JobOrder {
  readonly flow: string;
  readonly version: number;
  readonly flowName: string;
  readonly inputs: JsonObject;
  readonly priority: number;
  readonly actor: Actor;
  /** A client's key: posting again with the same key answers with the job that was posted first (J1). */
  readonly key: string | null;
  /** The atom of another job that posted this one (P9). */
  readonly parent?: { readonly job: string; readonly atom: string };
  /** Run only this item and the items that it needs (P10). */
  readonly target?: string;
  /** Names of inputs whose values a search must not find. */
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
  /** Why a job was dead-lettered; null with every other attention reason, because the logbook explains those. */
  readonly attentionNote: string | null;
  /** Words for people: `failed at build`, `cancelled`, `succeeded`, or empty while the run goes on. */
  readonly forward: string;
  /** The forward outcome that those words tell; null while the run goes on. Programs read this, never the words. */
  readonly forwardKind: ForwardOutcome['kind'] | null;
  readonly priority: number;
  readonly postedAt: number;
  readonly postedBy: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The conductor that holds the claim, and the end of its lease; null when the job is not claimed. */
  readonly owner: string | null;
  readonly leaseUntil: number | null;
  /** The time at which a WAITING job is due to be claimed again. */
  readonly wakeAt: number | null;
  /** The job that posted this one. */
  readonly parent: string | null;
  /** Number of launches above this job; 0 when a person or a program posted it. */
  readonly depth: number;
  /** The only item to run with the items it needs; null for the whole flow. */
  readonly target: string | null;
}

/** Has the job ended, or does it need a person? A job that a person has paused is not at rest. */
export function isAtRest({ state, attention }: Pick<JobRow, 'state' | 'attention'>): boolean {
  return hasEnded({ state }) || (state === 'WAITING' && attention !== null);
}

/** Is there nothing more to do, unless a person rolls the job back or applies it again? */
export function hasEnded({ state }: Pick<JobRow, 'state'>): boolean {
  return state === 'COMPLETE';
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
  /** The time of the parked job has come by the board's clock. Absent for a job that was woken, or claimed for an act. */
  readonly isDue?: true;
}
