import { expect, test } from 'vitest';
import { leaseLeft } from './lease-words.ts';

test('J3: a lease is shown in whole seconds, and is not over while a part of a second is left', () => {
  expect(leaseLeft(30_000, 0).words).toBe('30 s left');
  expect(leaseLeft(30_000, 29_999).words).toBe('1 s left');
});

test('J4: a lease that has ended stands out', () => {
  expect(leaseLeft(30_000, 30_000)).toEqual({ words: 'lease ended, offered again', tone: 'doubt' });
});

test('a claim without a lease says so', () => {
  expect(leaseLeft(null, 0)).toEqual({ words: 'no lease', tone: 'plain' });
});
