// Committed entries that one reader has not received yet.
import { type Entry, weightOf } from '@windlass/engine/run';
import { ChangeSignal } from '../change-signal.ts';

/** Most entries in one message, and the most that they may weigh together. */
export const MOST_ENTRIES = 500;
export const MOST_WEIGHT = 4_000_000;

export class LiveEntries {
  readonly #held: number;
  #entries: Entry[] = [];
  #weight = 0;
  #overflowed = false;
  readonly #arrivals: ChangeSignal;

  constructor(held: number, aborted: AbortSignal) {
    this.#held = held;
    this.#arrivals = new ChangeSignal(aborted);
  }

  push(entries: readonly Entry[]): void {
    this.#weight += entries.reduce((sum, entry) => sum + weightOf(entry), 0);
    if (this.#entries.length + entries.length > this.#held || this.#weight > MOST_WEIGHT) {
      this.#overflowed = true;
      this.#empty();
    } else if (!this.#overflowed) {
      this.#entries.push(...entries);
    }
    this.#arrivals.raise();
  }

  /** Resolves when entries have come since the last call, or the reader is gone. */
  async arrival(): Promise<void> {
    await this.#arrivals.next();
  }

  close(): void {
    this.#arrivals.close();
  }

  /** The entries after `last`, or 'read-again' when only the store holds all of them. */
  takeAfter(last: number): readonly Entry[] | 'read-again' {
    const fresh = this.#entries.filter(({ number }) => number > last);
    const first = fresh[0]?.number;
    const isComplete = !this.#overflowed && (first === undefined || first === last + 1);
    this.#overflowed = false;
    this.#empty();
    return isComplete && fresh.length <= MOST_ENTRIES ? fresh : 'read-again';
  }

  #empty(): void {
    this.#entries = [];
    this.#weight = 0;
  }
}
