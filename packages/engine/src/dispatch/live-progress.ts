// Progress of running calls, in memory for people who look now; it is not recorded (A6).
//
// 1. A call is kept from its first sign of life until its end.
// 2. Only the latest sign of a call is kept, for a limited number of calls, so frequent reports cost no memory.
// 3. A call without a sign of life costs nothing here.
import type { Clock } from '../clock.ts';
import type { SignOfLife, TaskCall, TaskRunner } from './task-runner.ts';

/** The latest sign of one running call. */
export interface Progress {
  readonly atom: string;
  readonly kind: TaskCall['kind'];
  readonly attempt: number;
  /** 0 to 1; null when the call has only given heartbeats. */
  readonly fraction: number | null;
  readonly message: string | null;
  /** Time of the sign, in milliseconds since 1970. */
  readonly time: number;
}

/** The part of LiveProgress that readers use. */
export interface ProgressSource {
  /** The running calls of a job that have given a sign of life. */
  of(job: string): readonly Progress[];
  /** Calls `changed` when a sign of that job arrives or a call of it ends. Returns a function that removes the listener. */
  follow(job: string, changed: () => void): () => void;
}

const MOST_CALLS = 10_000;

export class LiveProgress implements ProgressSource {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #most: number;
  readonly #byJob = new Map<string, Map<string, Progress>>();
  readonly #followers = new Map<string, Set<() => void>>();
  #calls = 0;

  constructor(clock: Pick<Clock, 'now'>, most = MOST_CALLS) {
    this.#clock = clock;
    this.#most = most;
  }

  of(job: string): readonly Progress[] {
    return [...(this.#byJob.get(job)?.values() ?? [])];
  }

  follow(job: string, changed: () => void): () => void {
    const followers = this.#followers.get(job) ?? new Set();
    followers.add(changed);
    this.#followers.set(job, followers);
    return () => {
      followers.delete(changed);
      if (followers.size === 0 && this.#followers.get(job) === followers) this.#followers.delete(job);
    };
  }

  /** Wraps a runner so that the signs of its calls are kept here. */
  watch(runner: TaskRunner): TaskRunner {
    return {
      run: async (call, stop, onSign) => {
        let last: Progress | null = null;
        try {
          return await runner.run(call, stop, (sign) => {
            last = this.#keep(call, sign, last);
            onSign?.(sign);
          });
        } finally {
          if (last !== null) this.#forget(call, last);
        }
      },
    };
  }

  /** Keeps a sign of a call and returns it; a heartbeat keeps the last fraction and message. */
  #keep(call: TaskCall, sign: SignOfLife, last: Progress | null): Progress | null {
    const { job, atom, kind, attempt } = call;
    const calls = this.#byJob.get(job) ?? new Map<string, Progress>();
    if (!calls.has(atom)) {
      if (this.#calls >= this.#most) return null;
      this.#calls += 1;
      this.#byJob.set(job, calls);
    }
    const progress: Progress = {
      atom,
      kind,
      attempt,
      fraction: sign.fraction ?? last?.fraction ?? null,
      message: sign.message ?? last?.message ?? null,
      time: this.#clock.now(),
    };
    calls.set(atom, progress);
    this.#tell(job);
    return progress;
  }

  #forget({ job, atom }: TaskCall, last: Progress): void {
    const calls = this.#byJob.get(job);
    // The late end of an earlier attempt must not remove the sign of the next attempt.
    if (calls?.get(atom) !== last) return;
    calls.delete(atom);
    this.#calls -= 1;
    if (calls.size === 0) this.#byJob.delete(job);
    this.#tell(job);
  }

  #tell(job: string): void {
    for (const changed of this.#followers.get(job) ?? []) changed();
  }
}
