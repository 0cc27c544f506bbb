// Who follows which logbook in this process. Told of entries only after they are durable.
import type { Entry } from '@windlass/engine';

type Listener = (entries: readonly Entry[]) => void;

export class Followers {
  readonly #byJob = new Map<string, Set<Listener>>();

  /** Returns the way to stop. */
  follow(job: string, listener: Listener): () => void {
    const followers = this.#byJob.get(job) ?? new Set();
    followers.add(listener);
    this.#byJob.set(job, followers);
    return () => {
      followers.delete(listener);
      if (followers.size === 0 && this.#byJob.get(job) === followers) this.#byJob.delete(job);
    };
  }

  has(job: string): boolean {
    return this.#byJob.has(job);
  }

  /** Jobs that are followed. */
  jobs(): string[] {
    return [...this.#byJob.keys()];
  }

  /** A listener that throws is at fault alone: what it was told of is durable, and the others are told all the same. */
  tell(job: string, entries: readonly Entry[]): void {
    for (const listener of this.#byJob.get(job) ?? []) {
      try {
        listener(entries);
      } catch (thrown) {
        process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
      }
    }
  }
}
