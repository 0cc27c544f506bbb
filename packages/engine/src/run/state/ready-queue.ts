// A binary heap of atoms that may start. Items that are no longer wanted stay in it until they are first: the code that
// takes an item checks the atom's state, so that no item has to be searched for. An item's order must never
// change while it is in the heap, so the values that decide the order are part of the item.

/** A heap by `precedes`. push and take are O(log n); O(1) for the chain of a linear flow. */
export class ReadyQueue<Item> {
  readonly #items: Item[] = [];
  readonly #precedes: (a: Item, b: Item) => boolean;

  constructor(precedes: (a: Item, b: Item) => boolean) {
    this.#precedes = precedes;
  }

  get size(): number {
    return this.#items.length;
  }

  clear(): void {
    this.#items.length = 0;
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above] as Item;
      if (!this.#precedes(item, parent)) break;
      items[at] = parent;
      at = above;
    }
    items[at] = item;
  }

  /** The first that is still wanted; the items before it are removed. */
  first(isWanted: (item: Item) => boolean): Item | undefined {
    for (let [item] = this.#items; item !== undefined; [item] = this.#items) {
      if (isWanted(item)) return item;
      this.take();
    }
    return undefined;
  }

  /** Removes and returns the first, or undefined. */
  take(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

  #sink(item: Item): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const child = right < items.length && this.#precedes(items[right] as Item, items[left] as Item) ? right : left;
      const candidate = items[child] as Item;
      if (!this.#precedes(candidate, item)) break;
      items[at] = candidate;
      at = child;
    }
    items[at] = item;
  }
}
