import type { AtomSnapshot, Progress } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { progressOf, progressWords } from './progress-store.ts';

const progress: Progress = { atom: 'a', kind: 'apply', attempt: 2, fraction: 0.429, message: '3 of 7 files', time: 1 };
const atom = (state: AtomSnapshot['state'], attempt = 2) => ({ atom: 'a', state, attempt }) as AtomSnapshot;

test('progress is shown for the call that the atom is in, and no other', () => {
  expect(progressOf(atom('RUNNING'), progress)).toBe(progress);
  expect(progressOf(atom('REVERTING'), { ...progress, kind: 'revert' })).toMatchObject({ kind: 'revert' });
  for (const state of ['SUCCESS', 'FAILURE', 'REVERTING', 'PENDING'] as const) expect(progressOf(atom(state), progress)).toBeNull();
  expect(progressOf(atom('RUNNING', 3), progress)).toBeNull();
  expect(progressOf(undefined, progress)).toBeNull();
  expect(progressOf(atom('RUNNING'), undefined)).toBeNull();
});

test('a part is shown in whole per cent, at most 100', () => {
  expect(progressWords(progress)).toBe('42 % · 3 of 7 files');
  expect(progressWords({ ...progress, fraction: 0.999, message: null })).toBe('99 %');
  expect(progressWords({ ...progress, fraction: null })).toBe('3 of 7 files');
  expect(progressWords({ ...progress, fraction: null, message: null })).toBe('');
});
