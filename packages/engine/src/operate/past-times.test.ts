import { expect, it } from 'vitest';
import type { Entry } from '../logbook/entry.ts';
import { addTimes, itemOfAddress, medianOf } from './past-times.ts';

let number = 0;
const entry = (atom: string, time: number, [from, to]: readonly [string, string]): Entry =>
  ({ kind: 'ATOM', atom, attempt: 1, from, to, time, number: ++number, token: 1, actor: { kind: 'engine', id: 'e', name: 'e' } }) as Entry;

it('B2: the time of a revert runs from its first attempt to its end, and is kept by item, not by iteration', () => {
  const times = new Map<string, number[]>();
  const logbook = [
    entry('hosts[0].install', 100, ['SUCCESS', 'REVERTING']),
    entry('hosts[1].install', 150, ['SUCCESS', 'REVERTING']),
    entry('hosts[0].install', 200, ['REVERTING', 'REVERTING']),
    entry('hosts[1].install', 250, ['REVERTING', 'REVERTED']),
    entry('hosts[0].install', 700, ['REVERTING', 'REVERTED']),
    // It had no effect, so its revert was never called.
    entry('look', 800, ['SUCCESS', 'REVERTED']),
  ];
  addTimes(times, logbook.toReversed());
  expect([...times]).toEqual([['hosts[].install', [100, 600]]]);
  expect(itemOfAddress('rounds[2].each[10].x')).toBe('rounds[].each[].x');
});

it('the median is one of the past times', () => {
  expect([medianOf([]), medianOf([5]), medianOf([9, 1, 5]), medianOf([1, 2, 3, 400])]).toEqual([0, 5, 5, 3]);
});
