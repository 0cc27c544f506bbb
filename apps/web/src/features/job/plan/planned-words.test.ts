import { planRollback } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { becauseWords, confirmWords, dependantWords, planWords, triedWords } from './planned-words.ts';

it('R11: a plan says of a revert that is waiting to be tried again that it failed before', () => {
  const policy = { attempts: 3, delayMs: 5_000 };
  const test = new TestRun({
    definition: flow(linear('f', [task('a'), task('b', { revertPolicy: policy })])),
    catalog: fakeCatalog,
    script: ({ kind }) => (kind === 'revert' ? { fail: 'NO' } : undefined),
  }).go();
  const choice = { kind: 'job' } as const;
  test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash }).answerNext();
  test.act({ kind: 'SUSPEND', reason: '' });
  const words = planRollback(test.run, choice)
    .waves.flat()
    .map((undo) => [undo.atom, undo.tried === true ? triedWords(undo) : null]);
  expect(words).toEqual([
    ['b', 'An earlier rollback called its revert, which failed. It is called again, with all its attempts.'],
    ['a', null],
  ]);
});

it('R11: a task that is kept is not called again', () => {
  expect(triedWords({ action: 'keep' })).toBe('An earlier rollback called its revert, which failed.');
});

it('B1: a dependant names the chosen tasks that it depends on', () => {
  expect(dependantWords({ dependsOn: ['a', 'b'] }, (id) => id.toUpperCase())).toBe('because it depends on A, B');
  expect(dependantWords({}, (id) => id)).toBe('because it is undone only together with others');
});

it('A4: a plan says once that the outcome of a task is not known', () => {
  const because = 'whether it took effect is not known';
  expect(becauseWords({ action: 'keep', because, uncertain: true })).toBe('It cannot be undone.');
  expect(becauseWords({ action: 'keep', because: 'the mail was sent' })).toBe('It cannot be undone: the mail was sent');
  expect(becauseWords({ action: 'revert', because: 'removes the file', uncertain: true })).toBe('removes the file');
});

it('B2: the button of a plan that calls no revert promises none', () => {
  expect(confirmWords({ reverts: 0 })).toBe('Roll back without a revert');
  expect(confirmWords({ reverts: 1 })).toBe('Revert 1 task');
  expect(confirmWords({ reverts: 4 })).toBe('Revert 4 tasks');
});

it('B2: a plan says what is to be done, not what was, and names no number of zero', () => {
  expect(planWords({ reverts: 2, kept: 0, waves: [[], [], []] }, 0)).toBe('2 tasks to revert, in 3 waves.');
  expect(planWords({ reverts: 1, kept: 1, waves: [[]] }, 2)).toBe('1 task to revert, 1 to keep, 2 left out, in 1 wave.');
});
