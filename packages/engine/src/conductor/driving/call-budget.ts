// The large values that the calls of all runs of a conductor hold at the same time. One run may hold 32 MB; without a common limit
// 200 runs would hold 6 GB.
//
// 1. Each run may have one call beyond the limit, so that no run waits for another run for ever.
// 2. A run that may begin no further call gets a turn when another run needs less.

/** A run whose calls hold large values. */
interface Holder {
  /** Called once when there is room again after the run had none. */
  hasRoomAgain(): void;
}

interface Share {
  readonly size: number;
  readonly mayBeginNone: boolean;
}

export class CallBudget {
  readonly #most: number;
  readonly #shares = new Map<Holder, Share>();
  #size = 0;

  /** `most`: largest number of characters. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Number of characters that the calls of all other runs leave for those of this run. */
  roomFor(run: Holder): number {
    return Math.max(0, this.#most - this.#size + (this.#shares.get(run)?.size ?? 0));
  }

  /** The calls of the run hold so much now. */
  hold(run: Holder, size: number): void {
    const before = this.#shares.get(run)?.size ?? 0;
    if (size === 0 && before === 0) return;
    this.#size += size - before;
    if (size === 0) this.#shares.delete(run);
    else this.#shares.set(run, { size, mayBeginNone: size >= this.roomFor(run) });
    if (size < before) this.#wakeOthers();
  }

  #wakeOthers(): void {
    // The turn of one run may change the shares of others.
    for (const run of [...this.#shares.keys()]) {
      const share = this.#shares.get(run);
      if (share === undefined || !share.mayBeginNone || share.size >= this.roomFor(run)) continue;
      this.#shares.set(run, { size: share.size, mayBeginNone: false });
      run.hasRoomAgain();
    }
  }
}
