import { type Entry, emptyRun, replay } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { lookOfAtom } from '../../../ui/state/state-look.ts';
import { atomLine, endWord, entryWords, revertsCalled, standingWords } from './words.ts';

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

it('R7: a failed revert that waits for its next attempt says so, in its line and in the logbook', () => {
  const definition = flow(linear('f', [task('a', { revertPolicy: { attempts: 2, delayMs: 60_000 } }), task('b')]));
  const script = ({ kind, atom }: { kind: string; atom: string }) =>
    (kind === 'apply' && atom === 'b') || (kind === 'revert' && atom === 'a') ? { fail: 'NO' } : undefined;
  const test = new TestRun({ definition, catalog: fakeCatalog, script }).go();
  const compiled = test.run.flow;
  const ofA = test.entries.filter((entry) => entry.kind === 'ATOM' && entry.atom === 'a' && entry.from === 'REVERTING');
  const words = ofA.map((entry) => entryWords(entry, (id) => id));
  expect(words).toMatchObject([
    { word: expect.stringMatching(/^revert 1 failed, next at /), hue: 'failed' },
    { word: 'reverting, attempt 2' },
    { word: 'revert failure' },
  ]);
  const waits = replay(emptyRun(compiled), test.entries.slice(0, ofA[0]?.number));
  const a = waits.atoms.find(({ atom }) => atom === 'a');
  expect(atomLine(a)).toMatch(/^Revert failed, tries again at /);
  expect(atomLine(a, { isPaused: true })).toBe('Revert failed, paused');
  expect(a === undefined ? null : lookOfAtom(a)).toMatchObject({
    word: 'Waits to try again',
    icon: 'hourglass',
    pattern: 'dashed',
  });
  expect(a === undefined ? null : revertsCalled(a)).toBe(1);
});

it('a task without effect has nothing to undo, in the logbook too', () => {
  const definition = flow(linear('f', [task('a', { type: 'pure' }), task('b')]));
  const script = ({ kind, atom }: { kind: string; atom: string }) => (kind === 'apply' && atom === 'b' ? { fail: 'NO' } : undefined);
  const { entries } = new TestRun({ definition, catalog: fakeCatalog, script }).go();
  const last = entries.findLast((entry) => entry.kind === 'ATOM' && entry.atom === 'a');
  expect(last === undefined ? null : entryWords(last, (id) => id).word).toBe('nothing to undo');
});

it('P9: a revert that waits for a launched job has not failed, and says what it waits for', () => {
  const { run, entries } = new TestRun({ definition: flow(linear('f', [task('a')])), catalog: fakeCatalog }).go();
  const done = run.atoms.find(({ atom }) => atom === 'a');
  const last = entries.findLast((entry) => entry.kind === 'ATOM');
  if (done === undefined || last === undefined) throw new Error('The run has ended.');
  const waiting = { on: 'job', job: 'job_2', until: 9_000, output: null } as const;
  const waits = { ...done, state: 'REVERTING', revertAttempt: 1, notBefore: 9_000, waiting } as const;
  expect(atomLine(waits)).toBe('Revert waits for a job');
  expect(lookOfAtom(waits)).toMatchObject({ word: 'Waits for a job', pattern: 'dashed' });
  expect(revertsCalled(waits)).toBe(1);
  const entry = { ...last, from: 'REVERTING', to: 'REVERTING', data: { revertAttempt: 1, notBefore: 9_000, waiting } } as const;
  expect(entryWords(entry, (id) => id)).toMatchObject({ word: 'revert waits for a job', hue: 'revert' });
});

it('R1: no attempt begins in a paused run', () => {
  const [atom] = emptyRun(new TestRun({ definition: flow(linear('f', [task('a')])), catalog: fakeCatalog }).run.flow).atoms;
  if (atom === undefined) throw new Error('The flow has a task.');
  const waits = { ...atom, state: 'RETRYING', notBefore: 9_000 } as const;
  expect(atomLine(waits)).toMatch(/^Tries again at /);
  expect(atomLine(waits, { isPaused: true })).toBe('Its next attempt is paused');
  const undone = { ...atom, state: 'PENDING', attempt: 3 } as const;
  expect([atomLine(undone), atomLine(undone, { isPaused: true })]).toEqual(['Begins again', 'Last attempt undone']);
});

it('T1: an effect that stands because its revert failed is listed with the cause of that failure', () => {
  const script = ({ kind, atom }: { kind: string; atom: string }) =>
    kind === (atom === 'b' ? 'apply' : 'revert') ? { fail: 'NO' } : undefined;
  const { run } = new TestRun({ definition: flow(linear('f', [task('a'), task('b')])), catalog: fakeCatalog, script }).go();
  const words = run.standing.map(({ atom, because }) =>
    standingWords(
      because,
      run.atoms.find((one) => one.atom === atom),
    ),
  );
  expect(words).toEqual(['its revert failed: revert a failed']);
  expect(standingWords('in use', undefined)).toBe('in use');
});

it('R1, P11: an entry of a decision begins with the decision, because a narrow list cuts its end', () => {
  const mark = (more: object) =>
    entryWords(
      { ...{ kind: 'MARK', number: 9, time: 1, atom: 'r', actor: { kind: 'conductor', name: 'c' } }, ...more } as Entry,
      (id) => id,
    ).word;
  expect(mark({ mark: 'ASKED', data: { atom: 'a', decision: 'RETRY' } })).toBe('tries again after the failure of a');
  expect(mark({ mark: 'ASKED', data: { atom: 'a', decision: 'REVERT' } })).toBe('does not try again after the failure of a');
  expect(mark({ mark: 'CAUGHT', data: { atom: 'a', to: 'b' } })).toBe('goes on at b, caught the failure of a');
});

it('R7: the end time of an undone task is that of its revert, and is named so', () => {
  const atom = { state: 'REVERTED', stopping: 0, revertAttempt: 1, byHand: false } as const;
  expect(endWord(atom)).toBe('Undone');
  expect(endWord({ ...atom, revertAttempt: 0 })).toBe('Ended');
  expect(endWord({ ...atom, state: 'REVERT_FAILURE' })).toBe('Revert failed');
  expect(endWord({ ...atom, state: 'REVERTING' })).toBe('Ended');
  expect(endWord({ ...atom, state: 'FAILURE', stopping: 5 })).toBe('Failed');
});
