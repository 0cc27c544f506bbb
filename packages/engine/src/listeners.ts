// A set of listeners for something that has already happened. A listener that throws changes nothing about it: the caller of
// `tell` gets its answer, and the other listeners are called.

/** Listeners that are called with `What`. */
export class Listeners<What extends readonly unknown[]> {
  readonly #listeners = new Set<(...what: What) => void>();
  readonly #onTrouble: (thrown: unknown) => void;

  /** `onTrouble` receives the errors that listeners throw. */
  constructor(onTrouble: (thrown: unknown) => void) {
    this.#onTrouble = onTrouble;
  }

  /** Is there no listener? */
  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Adds a listener. Returns a function that removes it. */
  add(listener: (...what: What) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(...what: What): void {
    for (const listener of this.#listeners) {
      try {
        listener(...what);
      } catch (thrown) {
        this.#onTrouble(thrown);
      }
    }
  }
}
