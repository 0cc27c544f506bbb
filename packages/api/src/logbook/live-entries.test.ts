// L4: a reader gets each committed entry once and in order, or is told to read them from the store.
import type { Entry } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { LiveEntries, MOST_WEIGHT } from './live-entries.ts';

const entry = (number: number, text = ''): Entry => ({
  ...{ kind: 'ACT', act: 'SUSPEND', reason: '', data: { text }, number, time: 0, token: 0 },
  actor: { kind: 'engine', id: 'engine', name: 'engine' },
});
const entries = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => entry(from + at));
const live = (held = 10) => new LiveEntries(held, new AbortController().signal);
const numbers = (taken: ReturnType<LiveEntries['takeAfter']>) => (taken === 'read-again' ? taken : taken.map(({ number }) => number));

it('gives what follows the last number, once, also where the reader has some of it from the store', () => {
  const arrived = live();
  arrived.push(entries(4, 6));
  expect(numbers(arrived.takeAfter(4))).toEqual([5, 6]);
  expect(numbers(arrived.takeAfter(6))).toEqual([]);
  arrived.push(entries(7, 7));
  expect(numbers(arrived.takeAfter(6))).toEqual([7]);
});

it('after a gap the store is read again, and then what follows is given', () => {
  const arrived = live();
  arrived.push(entries(3, 4));
  expect(arrived.takeAfter(1)).toBe('read-again');
  arrived.push(entries(5, 5));
  expect(numbers(arrived.takeAfter(4))).toEqual([5]);
});

it.each([
  ['too many', entries(1, 11)],
  ['too heavy', [entry(1, 'x'.repeat(MOST_WEIGHT)), entry(2)]],
])('entries that are %s are dropped, and the store is read again', (_, given) => {
  const arrived = live();
  arrived.push(given);
  arrived.push(entries(given.length + 1, given.length + 1));
  expect(arrived.takeAfter(0)).toBe('read-again');
  expect(numbers(arrived.takeAfter(given.length + 1))).toEqual([]);
});
