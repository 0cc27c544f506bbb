// Events of a run, and the commands that `decide` gives to the conductor.
import type { Actor } from './actor.ts';
import type { CallOrder } from './dispatch/call-order.ts';
import type { Failure } from './failure/failure.ts';
import type { Json } from './json.ts';
import type { Act } from './run/acts/act.ts';
import type { ProbeAnswer, RevertProbeAnswer } from './task/task.ts';
import type { RestingJob } from './run/state/awaited-jobs.ts';
import type { ClockJump } from './run/state/time-heaps.ts';
import type { JobState } from './states.ts';
import type { Wait } from './task/wait.ts';

/** Something that happened. The caller gives time, token and actor, because the core reads no clock. */
export type RunEvent = EventBody & EventTime & { readonly actor: Actor; readonly token: number };

interface EventTime {
  /** By the time of the conductor, which never goes back. */
  readonly time: number;
  /** By the wall clock; the same when absent. */
  readonly wallTime?: number;
  /** Jumps of the wall clock that the conductor has seen; those of the last event when absent. */
  readonly jumps?: readonly ClockJump[];
}

/** Number of lines that the task has logged. */
type Logged = { readonly logged?: number };

/** Identifies a call of revert: the attempt of apply and the attempt of revert. An answer of any other call is ignored. */
interface OfRevert {
  readonly atom: string;
  readonly attempt: number;
  readonly revertAttempt: number;
}

type EventBody =
  /**
   * A conductor claimed the job: for the first time, after another conductor was lost, or for an act of a person. `isFormerDead`:
   * the process of the conductor that held the job before is known to be dead. `isDue`: the time until which the job was parked
   * has come by the board's clock. `atRest`: the jobs that atoms wait for and that are at rest; all when absent.
   */
  | {
      readonly kind: 'CLAIMED';
      readonly from: JobState;
      readonly act?: ActBy;
      readonly isFormerDead?: true;
      readonly isDue?: true;
      readonly atRest?: readonly RestingJob[];
    }
  | ({ readonly kind: 'APPLIED'; readonly atom: string; readonly attempt: number; readonly output: Json } & Logged)
  | ({ readonly kind: 'APPLY_FAILED'; readonly atom: string; readonly attempt: number; readonly failure: Failure } & Logged)
  | { readonly kind: 'PROBED'; readonly atom: string; readonly attempt: number; readonly answer: ProbeAnswer<Json> }
  /** The answer of a probe after a crash during a revert: is the effect undone? */
  | ({ readonly kind: 'REVERT_PROBED'; readonly answer: RevertProbeAnswer } & OfRevert)
  /** Revert waits for another job to come to rest. */
  | ({ readonly kind: 'REVERT_WAITS'; readonly waiting: Wait } & OfRevert)
  | ({ readonly kind: 'REVERTED' } & OfRevert & Logged)
  | ({ readonly kind: 'REVERT_FAILED'; readonly failure: Failure } & OfRevert & Logged)
  /** Apply has posted another job and waits for its end. */
  | { readonly kind: 'POSTED'; readonly atom: string; readonly attempt: number; readonly waiting: Wait }
  /** A job that an atom posted or waits for has ended, or needs a person. */
  | ({ readonly kind: 'JOB_AT_REST' } & RestingJob)
  /** The time that the last decision asked for may have come. */
  | { readonly kind: 'DUE' }
  | ({ readonly kind: 'ACT' } & ActBy);

/** An act with its actor. */
export interface ActBy {
  readonly act: Act;
  readonly by: Actor;
}

/** A command to the conductor, to be carried out after the entries of the same decision are durable. */
export type Command =
  | { readonly kind: 'CALL'; readonly call: CallOrder; readonly revertAttempt: number }
  | { readonly kind: 'ABORT'; readonly atom: string }
  /** A person has said how the atom's call ended, so an answer of the call itself is ignored. */
  | { readonly kind: 'FORGET'; readonly atom: string };
