import type { PlannedUndo } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { expectedTime } from './expected-time.ts';

const undo = (atom: string, action: PlannedUndo['action'] = 'revert') => ({ atom, action }) as PlannedUndo;
const past = new Map([
  ['a', { ms: 300, of: 2 }],
  ['b', { ms: 200, of: 1 }],
  ['c', { ms: 1_000, of: 3 }],
]);

it('B2: waves follow each other, and a wave takes as long as its longest revert', () => {
  expect(expectedTime([[undo('a'), undo('b')], [undo('c')], [undo('kept', 'keep')]], past)).toEqual({ ms: 1_300, unknown: 0 });
});

it('B2: what has no past is counted, and a plan of which nothing is known has no time', () => {
  expect(expectedTime([[undo('a'), undo('new')]], past)).toEqual({ ms: 300, unknown: 1 });
  expect(expectedTime([[undo('new')], [undo('c', 'nothing')]], past)).toBeNull();
});
