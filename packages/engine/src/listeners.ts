// Who is told of what has happened. It stands already when they are told, so a listener that throws is at fault alone:
// whoever made it happen gets their answer, and the other listeners are told all the same.

/** A set of listeners that are called with `What`. */
export class Listeners<What extends readonly unknown[]> {
  readonly #listeners = new Set<(...what: What) => void>();
  readonly #onTrouble: (thrown: unknown) => void;

  /** `onTrouble` hears what a listener has thrown. */
  constructor(onTrouble: (thrown: unknown) => void) {
    this.#onTrouble = onTrouble;
  }

  /** Whether nobody listens. */
  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Returns the way to stop. */
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
