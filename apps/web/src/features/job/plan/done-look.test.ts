import type { AtomSnapshot, PlannedUndo } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { doneLook } from './done-look.ts';

const planned = (action: PlannedUndo['action']) => ({ atom: 'a', action }) as PlannedUndo;
const atom = (state: AtomSnapshot['state'], more: object = {}) =>
  ({ state, kept: null, byHand: false, inDoubt: null, revertAttempt: 0, ...more }) as AtomSnapshot;

it.each([
  ['whose revert has not begun', 'revert', atom('SUCCESS'), { going: 'Still to come', ended: 'Not reverted' }],
  ['that failed, and whose revert has not begun', 'revert', atom('FAILURE'), { going: 'Still to come', ended: 'Not reverted' }],
  ['without an effect that was not reached', 'nothing', atom('SUCCESS'), { going: 'Still to come', ended: 'Nothing to do' }],
  ['whose call is in doubt', 'revert', atom('FAILURE', { inDoubt: 'it has not ended' }), { going: 'In doubt', ended: 'Not reverted' }],
  ['that was undone', 'revert', atom('REVERTED', { revertAttempt: 1 }), { going: 'Reverted', ended: 'Reverted' }],
  ['whose revert failed', 'revert', atom('REVERT_FAILURE'), { going: 'Revert failed', ended: 'Revert failed' }],
] as const)('T1: the outcome of a task %s', (_, action, snapshot, { going, ended }) => {
  const wordOf = (hasEnded: boolean) => doneLook(planned(action), { atom: snapshot, stands: false, hasEnded }).word;
  expect([wordOf(false), wordOf(true)]).toEqual([going, ended]);
});
