// The followers of each logbook in this process. They get entries only after these are durable.
import { Listeners } from '@windlass/engine/ports';
import type { Entry } from '@windlass/engine/run';
import { warnOf } from './warn-of.ts';

type Listener = (entries: readonly Entry[]) => void;

export class Followers {
  readonly #byJob = new Map<string, Listeners<[entries: readonly Entry[]]>>();

  /** Returns the way to stop. */
  follow(job: string, listener: Listener): () => void {
    const followers = this.#byJob.get(job) ?? new Listeners(warnOf);
    const stop = followers.add(listener);
    this.#byJob.set(job, followers);
    return () => {
      stop();
      if (followers.isEmpty && this.#byJob.get(job) === followers) this.#byJob.delete(job);
    };
  }

  has(job: string): boolean {
    return this.#byJob.has(job);
  }

  /** Jobs that are followed. */
  jobs(): string[] {
    return [...this.#byJob.keys()];
  }

  tell(job: string, entries: readonly Entry[]): void {
    this.#byJob.get(job)?.tell(entries);
  }
}
