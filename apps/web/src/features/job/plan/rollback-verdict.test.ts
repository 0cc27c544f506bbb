import type { AtomSnapshot, PlannedUndo, RollbackReport } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { doneOf, outcomeOf, reportWords, tallyOf, verdictOf } from './rollback-verdict.ts';

const planned = (action: PlannedUndo['action']) => ({ atom: 'a', action }) as PlannedUndo;
const atom = (state: AtomSnapshot['state'], more: object = {}) => ({ state, kept: null, byHand: false, ...more });

it.each([
  ['undone by its revert', 'revert', atom('REVERTED'), 'asPlanned'],
  ['marked as reverted by hand', 'revert', atom('REVERTED', { byHand: true }), 'byHand'],
  ['kept by a person', 'revert', atom('REVERT_FAILURE', { kept: 'in use' }), 'other'],
  ['kept as planned', 'keep', atom('SUCCESS', { kept: 'it is sent' }), 'asPlanned'],
  ['not reached, as the rollback was stopped', 'revert', atom('SUCCESS'), 'open'],
] as const)('T1: a task %s', (_, action, snapshot, outcome) => {
  expect(outcomeOf(planned(action), { atom: snapshot, stands: false })).toBe(outcome);
});

it('T1: a task with nothing to undo is not counted as not reverted where the rollback stopped; one that stands with its container is', () => {
  const [nothing, left] = ['n', 'b'].map((one) => ({ ...planned(one === 'n' ? 'nothing' : 'revert'), atom: one }));
  const atoms = new Map(['n', 'b'].map((one) => [one, { ...atom('SUCCESS'), atom: one } as AtomSnapshot]));
  const tally = (standing: readonly string[]) =>
    tallyOf([nothing, left] as PlannedUndo[], {
      atoms,
      report: { standing: standing.map((one) => ({ atom: one, because: '', by: null })) },
    });
  expect(tally(['b'])).toEqual({ open: 1, byHand: 0, other: 0 });
  expect(tally(['b', 'n'])).toEqual({ open: 2, byHand: 0, other: 0 });
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
