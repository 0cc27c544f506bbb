import type { AtomSnapshot, PlannedUndo, RollbackReport } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { doneOf, outcomeOf, reportWords, verdictOf } from './rollback-verdict.ts';

const planned = (action: PlannedUndo['action']) => ({ atom: 'a', action }) as PlannedUndo;
const atom = (state: AtomSnapshot['state'], more: object = {}) => ({ state, kept: null, byHand: false, ...more });

it.each([
  ['undone by its revert', 'revert', atom('REVERTED'), 'asPlanned'],
  ['marked as reverted by hand', 'revert', atom('REVERTED', { byHand: true }), 'byHand'],
  ['kept by a person', 'revert', atom('REVERT_FAILURE', { kept: 'in use' }), 'other'],
  ['kept as planned', 'keep', atom('SUCCESS', { kept: 'it is sent' }), 'asPlanned'],
  ['not reached, as the rollback was stopped', 'revert', atom('SUCCESS'), 'open'],
] as const)('T1: a task %s', (_, action, snapshot, outcome) => {
  expect(outcomeOf(planned(action), snapshot)).toBe(outcome);
});

it('T1: says "as planned" only where nothing was done by hand, kept otherwise or left', () => {
  expect(verdictOf({ open: 0, byHand: 0, other: 0 })).toBe('Done as planned.');
  expect(verdictOf({ open: 2, byHand: 1, other: 0 })).toBe('1 undone by hand, 2 not reverted.');
});

it('T1: counts what was reverted apart from what had nothing to undo and from what stands', () => {
  const report: RollbackReport = {
    ...{ reverted: ['a', 'b'], nothing: ['c'], byHand: [{ atom: 'd', because: 'removed it', by: 'ana' }], open: [] },
    standing: [
      { atom: 'e', because: 'its revert failed', by: null },
      { atom: 'f', because: 'in use', by: 'ana' },
    ],
    ...{ drift: [], by: 'ana', reason: '' },
  };
  expect(reportWords(report)).toBe('2 tasks reverted, 1 with nothing to undo, 1 undone by hand, 2 left standing.');
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((one) => ({ ...planned('revert'), atom: one }));
  // The failed revert of e is not done.
  expect(doneOf(all, report)).toBe(5);
});
