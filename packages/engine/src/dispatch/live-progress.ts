// How far running calls are, in memory and for people who look now; none of it is recorded (SEMANTICS A6).
//
// 1. A call stands here from its first sign of life to its end, and no longer.
// 2. Only the latest sign is kept, of at most so many calls: a task that reports a million times costs one place.
// 3. A call without a sign costs nothing here.
import type { Clock } from '../clock.ts';
import type { SignOfLife, TaskCall, TaskRunner } from './task-runner.ts';

/** The latest sign of one running call. */
export interface Progress {
  readonly atom: string;
  readonly kind: TaskCall['kind'];
  readonly attempt: number;
  /** 0 to 1; null when it has only given signs of life. */
  readonly fraction: number | null;
  readonly message: string | null;
  /** When the sign was given, in milliseconds since 1970. */
  readonly time: number;
}

/** What readers need of it. */
export interface ProgressSource {
  /** The running calls of a job that have given a sign. */
  of(job: string): readonly Progress[];
  /** Calls `changed` whenever a sign of that job arrives or a call of it ends; returns the way to stop. */
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

  /** The same runner, with the signs of its calls kept here. */
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

  /** The sign now kept of that call; its fraction and message stay when a heartbeat has none. */
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
    // A late end of a former attempt leaves the place of the next one alone.
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
