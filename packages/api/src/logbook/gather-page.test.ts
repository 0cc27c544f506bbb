import type { Entry } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { gatherPage } from './gather-page.ts';

const book = (length: number, weight: number): Entry[] =>
  Array.from({ length }, (_, index) => ({
    kind: 'ACT',
    act: 'SUSPEND',
    reason: '',
    data: { text: 'x'.repeat(weight) },
    number: index + 1,
    time: 0,
    token: 0,
    actor: { kind: 'engine', id: 'engine', name: 'engine' },
  }));
const numbers = (entries: readonly Entry[]) => entries.map(({ number }) => number);
const forward = (entries: readonly Entry[]) => async (after: number, limit: number) => entries.slice(after, after + limit);

test('light entries fill the page, in whichever direction', async () => {
  const entries = book(300, 10);
  expect(numbers(await gatherPage(forward(entries), { from: 50, limit: 200 }))).toEqual(numbers(entries.slice(50, 250)));
  const back = async (before: number, limit: number) =>
    entries
      .filter(({ number }) => number < before)
      .reverse()
      .slice(0, limit);
  expect(numbers(await gatherPage(back, { from: 101, limit: 500 }))).toEqual(numbers(entries.slice(0, 100).reverse()));
  expect(await gatherPage(forward(entries), { from: 300, limit: 10 })).toEqual([]);
});

test('heavy entries end it early, but never before the first', async () => {
  expect(numbers(await gatherPage(forward(book(50, 1_000_000)), { from: 10, limit: 500 }))).toEqual([11, 12, 13]);
  expect(numbers(await gatherPage(forward(book(5, 9_000_000)), { from: 0, limit: 500 }))).toEqual([1]);
});
