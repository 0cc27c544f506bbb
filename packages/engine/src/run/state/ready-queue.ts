// A binary heap of atom numbers. Entries that are no longer wanted stay in it until they surface: whoever takes
// from it checks the atom's state, so that nothing ever has to be searched for.

/** A heap by `precedes`. push and take are O(log n); O(1) for the chain of a linear flow. */
export class ReadyQueue {
  readonly #items: number[] = [];
  readonly #precedes: (a: number, b: number) => boolean;

  constructor(precedes: (a: number, b: number) => boolean) {
    this.#precedes = precedes;
  }

  get size(): number {
    return this.#items.length;
  }

  clear(): void {
    this.#items.length = 0;
  }

  push(atom: number): void {
    const items = this.#items;
    let at = items.length;
    items.push(atom);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above] as number;
      if (!this.#precedes(atom, parent)) break;
      items[at] = parent;
      at = above;
    }
    items[at] = atom;
  }

  /** Removes and returns the first, or undefined. */
  take(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

  #sink(atom: number): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const child = right < items.length && this.#precedes(items[right] as number, items[left] as number) ? right : left;
      const candidate = items[child] as number;
      if (!this.#precedes(candidate, atom)) break;
      items[at] = candidate;
      at = child;
    }
    items[at] = atom;
  }
}
