// Wakes a stream that waits for changes. A change that comes while the stream is busy is not lost: the next wait ends at
// once. Many changes during one wait wake the stream once.

export class ChangeSignal {
  readonly #aborted: AbortSignal;
  #isRaised = false;
  #wake: (() => void) | null = null;
  readonly #onAbort = (): void => this.#wake?.();

  /** Waits end when `aborted` fires, too. */
  constructor(aborted: AbortSignal) {
    this.#aborted = aborted;
    aborted.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Something has changed. */
  raise(): void {
    this.#isRaised = true;
    this.#wake?.();
  }

  /** Resolves once something has changed since the last call, or the stream was aborted. For one reader. */
  async next(): Promise<void> {
    if (!this.#isRaised && !this.#aborted.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    this.#isRaised = false;
  }

  /** Removes the listener from the abort signal. */
  close(): void {
    this.#aborted.removeEventListener('abort', this.#onAbort);
  }
}
