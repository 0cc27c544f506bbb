// The large values that the calls of all runs of a conductor hold at the same time. One run may hold 32 MB; without a common limit
// 200 runs would hold 6 GB.
//
// 1. Each run may have one call beyond the limit, so that no run waits for another run for ever.
// 2. A run that may begin no further call gets a turn when another run needs less.

interface Share {
  readonly size: number;
  /** Set while the run may begin no further call. */
  readonly wake: (() => void) | null;
}

export class CallBudget {
  readonly #most: number;
  readonly #shares = new Map<object, Share>();
  #size = 0;

  /** `most`: largest number of characters. */
  constructor(most: number) {
    this.#most = most;
  }

  /** What the calls of all others leave for those of this run. */
  roomFor(run: object): number {
    return Math.max(0, this.#most - this.#size + (this.#shares.get(run)?.size ?? 0));
  }

  /** The calls of the run hold so much now. `wake` is called once, when there is room again and if the run has none. */
  hold(run: object, size: number, wake: () => void): void {
    const before = this.#shares.get(run)?.size ?? 0;
    this.#size += size - before;
    if (size === 0) this.#shares.delete(run);
    else this.#shares.set(run, { size, wake: size < this.roomFor(run) ? null : wake });
    if (size < before) this.#wakeOthers();
  }

  #wakeOthers(): void {
    for (const [run, { size, wake }] of [...this.#shares]) {
      if (wake === null || size >= this.roomFor(run)) continue;
      this.#shares.set(run, { size, wake: null });
      wake();
    }
  }
}
