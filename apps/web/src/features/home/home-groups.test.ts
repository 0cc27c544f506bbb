import { JOB_STATES, parseSearch } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { COUNTERS, type HomeRow, countOf, groupsOf } from './home-groups.ts';

const row = (id: string): HomeRow => ({ id, flowName: 'x', run: 'RUNNING', attention: null, forward: '', postedAt: 1, postedBy: 'ana' });

test('what needs a person comes first, then what runs, then what is unclaimed; empty groups are left out', () => {
  const groups = groupsOf({ attention: [row('a')], running: [row('b')], unclaimed: [row('c')] });
  expect(groups.map(({ title }) => title)).toEqual(['Needs attention', 'Running', 'Unclaimed']);
  expect(groupsOf({ attention: [], running: [], unclaimed: [row('c')] }).map(({ title }) => title)).toEqual(['Unclaimed']);
});

test('a job stands once, where it is needed most', () => {
  const groups = groupsOf({ attention: [row('a')], running: [row('a'), row('b')], unclaimed: [row('b')] });
  expect(groups.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['a'], ['b']]);
});

test('every state of a job but trashed is in exactly one counter', () => {
  const counted = COUNTERS.flatMap(({ states }) => states);
  expect(counted.toSorted()).toEqual(JOB_STATES.filter((state) => state !== 'TRASHED').toSorted());
});

test('a counter sums up its states, and counts none before it is answered', () => {
  expect(countOf({ SCHEDULED: 2, UNCLAIMED: 3, CLAIMED: 9 }, ['SCHEDULED', 'UNCLAIMED'])).toBe(5);
  expect(countOf(undefined, ['CLAIMED'])).toBe(0);
});

test('a counter opens the jobs that it counts: its search names its states', () => {
  for (const { states, search } of COUNTERS) {
    expect(parseSearch(search).kind).toBe('search');
    expect(search).toBe(`state:${states.map((state) => state.toLowerCase()).join(',')}`);
  }
});
