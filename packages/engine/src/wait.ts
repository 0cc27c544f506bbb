// What an atom may wait for (SEMANTICS section 5, WAITING): a time, a person, a signal, another job. A wait is data:
// it is durable, and a job with nothing but waits is parked (J6).
import type { Json, JsonObject } from './json.ts';

interface WaitBase {
  /** Milliseconds since 1970; null to wait without end. */
  readonly until: number | null;
}

export type Wait =
  /** Goes on at `until`. */
  | (WaitBase & { readonly on: 'timer'; readonly output?: JsonObject })
  /** A person approves or rejects; nobody named means anybody who may operate the job. At `until`: what then. */
  | (WaitBase & { readonly on: 'approval'; readonly by: readonly string[]; readonly then: 'fail' | 'approve'; readonly question: string })
  /** A signal of that name, with data. */
  | (WaitBase & { readonly on: 'signal'; readonly name: string; readonly then: 'fail' | 'go_on' })
  /** Another job comes to an end; asked again at `until`. */
  | (WaitBase & { readonly on: 'job'; readonly job: string; readonly output: Json });

/** How a type of task that waits says what it waits for. Pure: it sees its input and the time of its start. */
export type Waits = (input: JsonObject, now: number) => Wait;

/** What an apply may answer instead of an output: the atom waits, holding nobody, and is applied again with the same key. */
export class Waiting {
  readonly wait: Wait;

  constructor(wait: Wait) {
    this.wait = wait;
  }
}
