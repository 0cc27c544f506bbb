// The waits of an atom in state WAITING: for a time, a person, a signal or another job. A wait is data and is durable; a job
// whose atoms only wait is parked (J6).
import type { Json, JsonObject } from '../json.ts';

interface WaitBase {
  /** End of the wait in milliseconds since 1970; null to wait without end, or for a job until it comes to rest. */
  readonly until: number | null;
}

export type Wait =
  /**
   * Continues at `until`. `byWallClock`: a person gave that time, so the wait ends when the wall clock says so. Another wait lasts as
   * long as it was meant to, however the clock is set.
   */
  | (WaitBase & { readonly on: 'timer'; readonly output?: JsonObject; readonly byWallClock?: true })
  /** A person approves or rejects. An empty `by` means any person who may operate the job. `then` applies at `until`. */
  | (WaitBase & { readonly on: 'approval'; readonly by: readonly string[]; readonly then: 'fail' | 'approve'; readonly question: string })
  /** A signal of that name, with data. */
  | (WaitBase & { readonly on: 'signal'; readonly name: string; readonly then: 'fail' | 'go_on' })
  /**
   * The end of another job. The task is asked again at `until`; with null, after as long as it has waited so far, from half a minute to
   * a day, because the job that it launched or rolls back wakes it. `ends`: only the end of the job matters, and not that it needs a
   * person; a task that waits on all the same must say so, because each call of it costs two entries.
   */
  | (WaitBase & { readonly on: 'job'; readonly job: string; readonly output: Json; readonly ends?: true });

/**
 * Tells what a task of a waiting type waits for. Pure: it has only the task's input and start time. `wallTime` is the start by the
 * wall clock, to be compared with times that people give; `now` may differ from it after the clock was set.
 */
export type Waits = (input: JsonObject, now: number, wallTime?: number) => Wait;

/** An answer of apply instead of an output: the atom waits without occupying a conductor, and is applied again with the same key. */
export class Waiting {
  readonly wait: Wait;

  constructor(wait: Wait) {
    this.wait = wait;
  }
}
