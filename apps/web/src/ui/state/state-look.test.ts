import { expect, test } from 'vitest';
import { lookOfAtom, lookInDeadLetter, shownState } from './state-look.ts';

const failed = { state: 'REVERTED', failure: { code: 'NO', message: 'no' }, applied: true };

test.each([
  ['was undone by its revert', { revertAttempt: 1 }, 'Failed, then reverted'],
  ['had nothing to undo', { revertAttempt: 0 }, 'Failed, nothing to undo'],
  ['was undone by a person', { revertAttempt: 3, byHand: true }, 'Failed, then undone by hand'],
  ['was never called', { applied: false }, 'Never started'],
] as const)('T2: a failed task that %s still is shown as failed', (_, more, word) => {
  expect(lookOfAtom({ ...failed, ...more })).toMatchObject({ hue: 'failed', icon: 'cross', word });
});

test('a task that succeeded and was rolled back is reverted, and a failed one that was kept is kept', () => {
  expect(lookOfAtom({ state: 'REVERTED', failure: null, revertAttempt: 1 }).word).toBe('Reverted');
  expect(lookOfAtom({ ...failed, state: 'FAILURE', kept: 'in use' }).word).toBe('Kept');
});

test('R10, P5: a failed task that a person skipped is skipped, and one that a condition excluded is ignored', () => {
  expect(lookOfAtom({ state: 'IGNORE', failure: { code: 'NO', message: 'no' } }).word).toBe('Skipped');
  expect(lookOfAtom({ state: 'IGNORE', failure: null }).word).toBe('Ignored');
});

test('J4: a job that was given up does not run, nor do its tasks', () => {
  expect(shownState({ run: 'RUNNING', attention: 'dead_lettered' })).toBe('GIVEN_UP');
  expect(shownState({ run: 'RUNNING', attention: 'in_doubt' })).toBe('RUNNING');
  expect(lookInDeadLetter({ state: 'RUNNING' })).toMatchObject({ word: 'Interrupted', icon: 'question' });
  expect(lookInDeadLetter({ state: 'SUCCESS' }).word).toBe('Succeeded');
});

test('a task that had nothing to undo is not shown as reverted, nor is one that a person marked', () => {
  expect(lookOfAtom({ state: 'REVERTED', failure: null, revertAttempt: 0 })).toMatchObject({ word: 'Nothing to undo', icon: 'check' });
  expect(lookOfAtom({ state: 'REVERTED', failure: null, revertAttempt: 1, byHand: true }).word).toBe('Undone by hand');
});
