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

type EventBody =
  /** A conductor claimed the job: for the first time, after another one was lost, or for an act of a person. */
  | { readonly kind: 'CLAIMED'; readonly from: JobState; readonly act?: ActBy }
  | ({ readonly kind: 'APPLIED'; readonly atom: string; readonly attempt: number; readonly output: Json } & Logged)
  | ({ readonly kind: 'APPLY_FAILED'; readonly atom: string; readonly attempt: number; readonly failure: Failure } & Logged)
  | { readonly kind: 'PROBED'; readonly atom: string; readonly attempt: number; readonly answer: ProbeAnswer<Json> }
  /** A revert that was under way at a crash: is it done? */
  | { readonly kind: 'REVERT_PROBED'; readonly atom: string; readonly revertAttempt: number; readonly answer: RevertProbeAnswer }
  | ({ readonly kind: 'REVERTED'; readonly atom: string; readonly revertAttempt: number } & Logged)
  | ({ readonly kind: 'REVERT_FAILED'; readonly atom: string; readonly revertAttempt: number; readonly failure: Failure } & Logged)
  /** Apply has posted another job and waits for its end. */
  | { readonly kind: 'POSTED'; readonly atom: string; readonly attempt: number; readonly waiting: Wait }
  /** A job that was posted by an atom, or another job, has come to an end. */
  | { readonly kind: 'JOB_ENDED'; readonly job: string }
  /** A time that was asked for has come: of an atom, or the deadline of the run. */
  | { readonly kind: 'DUE'; readonly atom: string | null }
  | ({ readonly kind: 'ACT' } & ActBy);

/** An act and who does it. */
export interface ActBy {
  readonly act: Act;
  readonly by: Actor;
}

/** What the conductor is to do, after the entries of the same decision are durable. */
export type Command =
  | { readonly kind: 'CALL'; readonly call: Omit<TaskCall, 'job' | 'idempotencyKey'>; readonly revertAttempt: number }
  | { readonly kind: 'WAKE'; readonly atom: string | null; readonly at: number }
  | { readonly kind: 'ABORT'; readonly atom: string };
