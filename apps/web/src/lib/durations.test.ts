import { expect, test } from 'vitest';
import { shortDuration, unitFor } from './durations.ts';

test('a length of time is written in the largest unit in which it is whole', () => {
  expect([500, 30_000, 90_000, 120_000, 7_200_000, 172_800_000].map(shortDuration)).toEqual([
    '500 ms',
    '30 s',
    '90 s',
    '2 min',
    '2 h',
    '2 d',
  ]);
});

test('nothing at all is asked for in seconds', () => {
  expect(unitFor(undefined).id).toBe('s');
  expect(unitFor(0).id).toBe('s');
});
