import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { atomLine, entryWords } from './words.ts';

it('R11: a task whose call was told to stop and has not ended says so, in its line and in the logbook', () => {
  const item = { ...task('a'), timeLimitMs: 150 };
  const test = new TestRun({ definition: flow(linear('f', [item])), catalog: fakeCatalog }).claim().passTime();
  const line = () => atomLine(test.run.atoms.find(({ atom }) => atom === 'a'));
  expect(line()).toBe('Failed, its call is still ending');
  test.answerNext();
  expect(line()).toBe('Reverting…');
  const ofA = test.entries.filter((entry) => 'atom' in entry && entry.atom === 'a');
  expect(ofA.map((entry) => entryWords(entry, (id) => id).word)).toEqual([
    'running',
    'failure, its call is still ending',
    'its call has ended',
    'reverting',
  ]);
});

it('A5: a task that a cancel tells to stop says so until it ends', () => {
  const test = new TestRun({ definition: flow(linear('f', [task('a')])), catalog: fakeCatalog }).claim();
  test.act({ kind: 'CANCEL', reason: '', then: 'revert' });
  expect(atomLine(test.run.atoms.find(({ atom }) => atom === 'a'))).toBe('Running, its call is still ending');
  const mark = test.entries.find((entry) => entry.kind === 'MARK');
  expect(mark === undefined ? null : entryWords(mark, (id) => id)).toMatchObject({ subject: 'a', word: 'was told to stop' });
});
