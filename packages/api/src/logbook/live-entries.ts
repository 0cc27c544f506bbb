// What has been committed and not yet been sent to one reader.
import { type Entry, weightOf } from '@windlass/engine/run';

/** Most entries in one message, and what they may weigh together. */
export const MOST_ENTRIES = 500;
export const MOST_WEIGHT = 4_000_000;

export class LiveEntries {
  readonly #held: number;
  #entries: Entry[] = [];
  #weight = 0;
  #overflowed = false;
  #wake: (() => void) | null = null;

  constructor(held: number) {
    this.#held = held;
  }

  push(entries: readonly Entry[]): void {
    this.#weight += entries.reduce((sum, entry) => sum + weightOf(entry), 0);
    if (this.#entries.length + entries.length > this.#held || this.#weight > MOST_WEIGHT) {
      this.#overflowed = true;
      this.#empty();
    } else if (!this.#overflowed) {
      this.#entries.push(...entries);
    }
    this.wake();
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  async arrival(): Promise<void> {
    if (this.#entries.length > 0 || this.#overflowed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** What follows `last`, or the word that only the store has it all. */
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
