import { type Entry, EntryPage } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { followEntries } from './follow-entries.ts';

/** A logbook whose reads and commits happen when the test says so. */
class Book {
  readonly entries: Entry[] = [];
  readonly listeners = new Set<(entries: readonly Entry[]) => void>();
  beforeRead: () => void = () => undefined;
  reads = 0;
  weight = 1;

  commit(count: number): void {
    const fresh = Array.from({ length: count }, (_, index) => entry(this.entries.length + index + 1, this.weight));
    this.entries.push(...fresh);
    for (const listener of this.listeners) listener(fresh);
  }
  async read(_job: string, { after, limit }: { after: number; limit: number }): Promise<Entry[]> {
    this.reads += 1;
    const page = this.entries.slice(after, after + limit);
    this.beforeRead();
    return page;
  }
  follow(_job: string, listener: (entries: readonly Entry[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function entry(number: number, weight: number): Entry {
  return {
    kind: 'ACT',
    act: 'SUSPEND',
    reason: '',
    data: { text: 'x'.repeat(weight) },
    number,
    time: 0,
    token: 0,
    actor: { kind: 'engine', id: 'engine', name: 'engine' },
  };
}

/** Takes numbers until there are `count` of them. */
async function numbersOf(
  book: Book,
  { after, count, held = 2_000, during }: { after: number; count: number; held?: number; during?: (seen: number) => void },
) {
  const end = new AbortController();
  const numbers: number[] = [];
  for await (const batch of followEntries({ logbook: book, job: 'job_a', after, signal: end.signal, held, everyMs: 0 })) {
    numbers.push(...batch.map(({ number }) => number));
    during?.(numbers.length);
    if (numbers.length >= count) end.abort();
  }
  return numbers;
}

const upTo = (count: number, after = 0) => Array.from({ length: count - after }, (_, index) => after + index + 1);

test('L4: what is committed between the first read and the first wait is neither lost nor sent twice', async () => {
  const book = new Book();
  book.commit(3);
  book.beforeRead = () => {
    if (book.reads === 1) book.commit(2);
  };
  expect(await numbersOf(book, { after: 0, count: 5 })).toEqual(upTo(5));
});

test('L4: a reader that comes back goes on after the number that it has', async () => {
  const book = new Book();
  book.commit(1_300);
  expect(await numbersOf(book, { after: 700, count: 600 })).toEqual(upTo(1_300, 700));
});

test('a reader that falls far behind is served from the store, and nothing more is held for it', async () => {
  const book = new Book();
  book.commit(1);
  const numbers = await numbersOf(book, {
    after: 0,
    count: 5_001,
    held: 100,
    during: (seen) => {
      if (seen === 1) for (let commit = 0; commit < 500; commit += 1) book.commit(10);
    },
  });
  expect(numbers).toEqual(upTo(5_001));
});

test('heavy entries are sent a few at a time, and hardly any are held', async () => {
  const book = new Book();
  book.weight = 1_000_000;
  book.commit(50);
  const end = new AbortController();
  const sizes: number[] = [];
  let sent = 0;
  for await (const batch of followEntries({ logbook: book, job: 'job_a', after: 0, signal: end.signal, held: 2_000, everyMs: 0 })) {
    sizes.push(batch.length);
    sent += batch.length;
    if (sizes.length === 3) for (let commit = 0; commit < 20; commit += 1) book.commit(1);
    if (sent === 70) end.abort();
  }
  expect(sizes[0]).toBe(20);
  expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(4);
});

test('L4: a page that ends early for its weight is not taken for the end of the logbook', async () => {
  class HeavyBook extends Book {
    override async read(job: string, range: { after: number; limit: number }): Promise<Entry[]> {
      const page = new EntryPage(range.limit);
      for (const one of await super.read(job, range)) page.add(one);
      return page.entries;
    }
  }
  const book = new HeavyBook();
  book.weight = 1_000_000;
  book.commit(15);
  // Nothing is committed from here on, so nothing else would bring the rest.
  expect(await numbersOf(book, { after: 0, count: 15 })).toEqual(upTo(15));
});

test('a reader that leaves is forgotten at once', async () => {
  const book = new Book();
  const end = new AbortController();
  const reading = followEntries({ logbook: book, job: 'job_a', after: 0, signal: end.signal, held: 10, everyMs: 0 }).next();
  await expect.poll(() => book.listeners.size).toBe(1);
  end.abort();
  expect(await reading).toEqual({ done: true, value: undefined });
  expect(book.listeners.size).toBe(0);
});
