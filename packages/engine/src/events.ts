// What may happen to a run, and what decide asks the conductor to do about it.
import type { Actor } from './actor.ts';
import type { TaskCall } from './dispatch/task-runner.ts';
import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import type { Act } from './run/acts/act.ts';
import type { ProbeAnswer, RevertProbeAnswer } from './task.ts';
import type { JobState } from './states.ts';
import type { Wait } from './wait.ts';

/** Something that happened. Time, token and the conductor as actor come from outside: the core knows no clock. */
export type RunEvent = EventBody & { readonly time: number; readonly actor: Actor; readonly token: number };

/** Lines that the task has logged. */
type Logged = { readonly logged?: number };

/** Which call of a revert: of which attempt of apply, and its own attempt. A late answer of another one is no answer. */
interface OfRevert {
  readonly atom: string;
  readonly attempt: number;
  readonly revertAttempt: number;
}

type EventBody =
  /** A conductor claimed the job: for the first time, after another one was lost, or for an act of a person. */
  | { readonly kind: 'CLAIMED'; readonly from: JobState; readonly act?: ActBy }
  | ({ readonly kind: 'APPLIED'; readonly atom: string; readonly attempt: number; readonly output: Json } & Logged)
  | ({ readonly kind: 'APPLY_FAILED'; readonly atom: string; readonly attempt: number; readonly failure: Failure } & Logged)
  | { readonly kind: 'PROBED'; readonly atom: string; readonly attempt: number; readonly answer: ProbeAnswer<Json> }
  /** A revert that was under way at a crash: is it done? */
  | ({ readonly kind: 'REVERT_PROBED'; readonly answer: RevertProbeAnswer } & OfRevert)
  /** Revert waits for another job to come to rest. */
  | ({ readonly kind: 'REVERT_WAITS'; readonly waiting: Wait } & OfRevert)
  | ({ readonly kind: 'REVERTED' } & OfRevert & Logged)
  | ({ readonly kind: 'REVERT_FAILED'; readonly failure: Failure } & OfRevert & Logged)
  /** Apply has posted another job and waits for its end. */
  | { readonly kind: 'POSTED'; readonly atom: string; readonly attempt: number; readonly waiting: Wait }
  /** A job that was posted by an atom, or another job, has come to an end. */
  | { readonly kind: 'JOB_ENDED'; readonly job: string }
  /** The time that the last decision gave may have come. */
  | { readonly kind: 'DUE' }
  | ({ readonly kind: 'ACT' } & ActBy);

/** An act and who does it. */
export interface ActBy {
  readonly act: Act;
  readonly by: Actor;
}

/** What the conductor is to do, after the entries of the same decision are durable. */
export type Command =
  | { readonly kind: 'CALL'; readonly call: Omit<TaskCall, 'job' | 'idempotencyKey'>; readonly revertAttempt: number }
  | { readonly kind: 'ABORT'; readonly atom: string }
  /** A person has said how the atom's call went: its own answer is no longer heard. */
  | { readonly kind: 'FORGET'; readonly atom: string };
