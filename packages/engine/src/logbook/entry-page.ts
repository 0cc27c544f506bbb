// A page of a logbook, bounded by the number of its entries and by what they weigh: an entry may carry an output of 1 MiB,
// and a page of a thousand of them would take a gigabyte at once.
import type { Entry } from './entry.ts';

/** A page ends with the entry that reaches this weight. */
export const PAGE_WEIGHT = 4_000_000;

/** Roughly how many characters a value has as JSON: a walk without making the text. */
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

/** What a store gathers for one `read`. Holds at least one entry if there is any. */
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

  /** Takes the next entry; does nothing once the page is full. */
  add(entry: Entry): void {
    if (this.isFull) return;
    this.entries.push(entry);
    this.#weight += weightOf(entry);
  }
}

/** Whether nothing followed a page when it was read: it is shorter than was asked for, and not for its weight. */
export function isLastPage(page: readonly Entry[], limit: number): boolean {
  return page.length < limit && page.reduce((sum, entry) => sum + weightOf(entry), 0) < PAGE_WEIGHT;
}
