// A page of a logbook. It is bounded by the number and by the size of its entries: an entry may carry an output of 1 MiB, so a
// page of a thousand such entries would take a gigabyte.
import type { Entry } from './entry.ts';

/** A page ends with the entry that reaches this weight. */
export const PAGE_WEIGHT = 4_000_000;

/** Approximate number of characters of an entry as JSON, counted without making the text. */
export function weightOf(entry: Entry): number {
  let weight = 100;
  const waiting: unknown[] = 'data' in entry ? [entry.data] : [];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string') weight += value.length;
    else if (typeof value !== 'object' || value === null) weight += 5;
    else
      for (const [key, inner] of Object.entries(value)) {
        weight += key.length + 3;
        if (inner !== undefined) waiting.push(inner);
      }
  }
  return weight;
}

/** Collects the entries of one `read`. It takes the first entry whatever its size. */
export class EntryPage {
  readonly entries: Entry[] = [];
  readonly #limit: number;
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.entries.length >= this.#limit || this.#weight >= PAGE_WEIGHT;
  }

  /** Adds the next entry; does nothing when the page is full. */
  add(entry: Entry): void {
    if (this.isFull) return;
    this.entries.push(entry);
    this.#weight += weightOf(entry);
  }
}

/** Was the page the last one when it was read? It has fewer entries than the limit, and is not full by size. */
export function isLastPage(page: readonly Entry[], limit: number): boolean {
  return page.length < limit && page.reduce((sum, entry) => sum + weightOf(entry), 0) < PAGE_WEIGHT;
}
