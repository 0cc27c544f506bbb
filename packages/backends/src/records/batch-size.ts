// The number of records of a logbook that are read at once: few while they are large, because a record may hold an output of 1 MiB.
import { PAGE_WEIGHT } from '@windlass/engine/run';

/** Records of the first batch, whose size in characters is not known yet. */
const FIRST = 4;
/** A batch is at most so many times the one before it. */
const GROWTH = 4;

export class BatchSize {
  #size: number;
  readonly #most: number;

  /** `most` records a batch; `limit` entries are wanted in all. */
  constructor(most: number, limit: number) {
    this.#most = most;
    this.#size = Math.max(1, Math.min(FIRST, most, limit));
  }

  get size(): number {
    return this.#size;
  }

  /** Sets the size of the next batch by the records of this one. `isLast`: there were fewer than asked for, so no more follow. */
  next(records: readonly { readonly body: string }[]): { readonly isLast: boolean } {
    const isLast = records.length < this.#size;
    const weight = records.reduce((sum, { body }) => sum + body.length, 0);
    const fitting = Math.floor((PAGE_WEIGHT * Math.max(1, records.length)) / Math.max(1, weight));
    this.#size = Math.max(1, Math.min(fitting, this.#size * GROWTH, this.#most));
    return { isLast };
  }
}
