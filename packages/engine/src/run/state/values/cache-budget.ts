// The size of a cache that many runs share: 200 runs with a cache of their own would hold 100 times as much as one.

/** A cached value. */
export interface CachedValue {
  readonly size: number;
  /** Takes the value out of its cache. */
  readonly drop: () => void;
}

export class CacheBudget {
  readonly #most: number;
  /** Oldest first. */
  readonly #values = new Set<CachedValue>();
  #size = 0;

  /** `most`: largest number of characters of all values together. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a value, and drops the oldest values of any run above the limit. */
  add(value: CachedValue): void {
    this.#values.add(value);
    this.#size += value.size;
    for (const oldest of this.#values) {
      if (this.#size <= this.#most) return;
      this.remove(oldest);
      oldest.drop();
    }
  }

  /** The value is no longer cached. */
  remove(value: CachedValue): void {
    if (this.#values.delete(value)) this.#size -= value.size;
  }
}

/** The budget of all runs of this process. */
export const OF_ALL_RUNS = new CacheBudget(67_108_864);
