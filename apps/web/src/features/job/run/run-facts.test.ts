import { type RollbackChoice, planRollback, restoreRun, snapshotOf, troublesOf } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, test } from 'vitest';
import { byHandWords } from './by-hand.ts';
import { factsOf, sameFacts } from './run-facts.ts';
import { forwardLook, isAtRest, rollbackLook, rollbackWords } from './words.ts';

type Fails = (call: { kind: string; atom: string }) => { fail: string } | undefined;
const ran = (onFailure: 'revert' | 'hold', fails: Fails) =>
  new TestRun({
    definition: flow(linear('root', [task('a'), task('b'), task('c')]), { onFailure }),
    catalog: fakeCatalog,
    script: fails,
  }).go().run;
const failsAt =
  (kind: string, atom: string): Fails =>
  (call) =>
    call.kind === kind && call.atom === atom ? { fail: 'NO' } : undefined;
const look = (run: ReturnType<typeof ran>) => {
  const facts = factsOf(run);
  return {
    troubles: troublesOf(facts, run.atoms),
    forward: forwardLook(facts, (id) => id).word,
    rollback: rollbackLook(facts, { ...facts, standing: facts.standing.length })?.word ?? null,
  };
};

test('a run that succeeded has no trouble and no rollback', () => {
  expect(look(ran('revert', () => undefined))).toEqual({ troubles: [], forward: 'Succeeded', rollback: null });
  expect(rollbackWords({ rollback: null })).toBe('None');
});

test('forward and rollback are two facts: failed at b, and rolled back', () => {
  const { troubles, forward, rollback } = look(ran('revert', failsAt('apply', 'b')));
  expect(troubles).toEqual([{ kind: 'failed', atom: 'b', cause: 'apply b failed.', undone: 'done' }]);
  expect([forward, rollback]).toEqual(['Failed at “b”', 'Rolled back']);
});

test('a held run names what it is held at', () => {
  const { troubles, forward, rollback } = look(ran('hold', failsAt('apply', 'b')));
  expect(troubles).toMatchObject([{ kind: 'held', atom: 'b' }]);
  expect([forward, rollback]).toEqual(['Held: failed at “b”', null]);
});

test('a failed revert comes before the failure that led to it', () => {
  const fails: Fails = (call) =>
    (call.kind === 'apply' && call.atom === 'c') || (call.kind === 'revert' && call.atom === 'b') ? { fail: 'NO' } : undefined;
  const { troubles, rollback } = look(ran('revert', fails));
  expect(troubles).toMatchObject([{ kind: 'revertFailed', atom: 'b', cause: 'revert b failed.' }]);
  expect(rollback).toBe('Rollback stopped: a revert failed');
});

test('a state that is not known is shown by its raw name', () => {
  expect(
    forwardLook(
      { state: 'FROZEN' as never, forward: null, job: 'CLAIMED', attention: null, resumeTo: 'RUNNING', rollback: null },
      (id) => id,
    ),
  ).toMatchObject({
    word: 'FROZEN',
    hue: 'pending',
  });
});

test('J4: a job that was given up neither runs nor rolls back', () => {
  const run = { forward: null, job: 'WAITING', attention: 'dead_lettered', resumeTo: 'RUNNING', rollback: null } as const;
  const progress = { done: 1, total: 3, standing: 0 };
  expect(forwardLook({ ...run, state: 'RUNNING' }, (id) => id)).toMatchObject({ word: 'Given up', icon: 'cross' });
  expect(rollbackLook({ ...run, state: 'REVERTING' }, progress)).toMatchObject({ word: 'Rollback given up at 1 of 3', icon: 'cross' });
  const claimed = { ...run, job: 'CLAIMED', attention: null } as const;
  expect(forwardLook({ ...claimed, state: 'RUNNING' }, (id) => id).word).toBe('Running');
});

test('R7: while each revert waits, the rollback says until when, and it has no moving pattern', () => {
  const lookWith = (changes: { readonly [atom: string]: object }) => {
    const run = ran('revert', failsAt('apply', 'c'));
    for (const [atom, change] of Object.entries(changes))
      Object.assign(run.atoms.find((one) => one.atom === atom) ?? {}, { state: 'REVERTING' }, change);
    return rollbackLook(factsOf({ ...run, state: 'REVERTING' }), { done: 1, total: 3, standing: 0 });
  };
  const waits = { notBefore: 5_000, waiting: { on: 'job', job: 'j', until: null, output: null } };
  const backOff = lookWith({ a: { notBefore: 9_000 }, b: waits });
  expect(backOff).toMatchObject({ word: expect.stringMatching(/^Rolling back 1 of 3, next attempt at /), pattern: 'dashed' });
  expect(lookWith({ b: waits })?.word).toBe('Rolling back 1 of 3, waits for a job');
  expect(lookWith({ a: { notBefore: 9_000 }, b: { notBefore: 0 } })).toMatchObject({ word: 'Rolling back 1 of 3', pattern: 'hatch' });
});

test('T2: a run that was rolled back out of a pause did not finish, and says who rolled it back', () => {
  const definition = flow(linear('root', [task('a'), task('b')]));
  const job = new TestRun({ definition, catalog: fakeCatalog }).claim().act({ kind: 'SUSPEND', reason: '' }).finish();
  expect(look(job.run)).toMatchObject({ forward: 'Paused', rollback: null });
  job.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: planRollback(job.run, { kind: 'job' }).hash });
  expect(look(job.run).forward).toBe('Did not finish, rolled back by ana');
  expect(look(job.finish().run)).toMatchObject({ forward: 'Did not finish, rolled back by ana', rollback: 'Rolled back' });
});

test('B5: effects that a partial rollback left standing are listed until the run goes forward again', () => {
  const job = new TestRun({ definition: flow(linear('root', [task('a'), task('b')])), catalog: fakeCatalog }).go();
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['b'], leaveOut: [] };
  job.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash }).finish();
  expect(factsOf(job.run).standing).toEqual([{ atom: 'a', because: 'not part of the rollback' }]);
  expect(look(job.run).rollback).toBe('Partly rolled back, 1 task left standing');
  job.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
  expect([job.run.state, factsOf(job.run).standing]).toEqual(['RUNNING', []]);
  expect(rollbackWords(factsOf(job.run))).toMatch(/^Begun at .*, then applied again$/);
  job.finish();
  expect([look(job.run).forward, factsOf(job.run).standing]).toEqual(['Succeeded', []]);
});

test('T1: a stopped rollback says so, and not that what it has not reached was reverted', () => {
  const job = new TestRun({ definition: flow(linear('root', [task('a'), task('b')])), catalog: fakeCatalog }).go();
  const choice = { kind: 'job' } as const;
  job.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash });
  job.act({ kind: 'SUSPEND', reason: '' }).answerNext();
  expect([job.run.state, look(job.run).rollback]).toEqual(['SUSPENDED', 'Rollback paused at 1 of 2']);
});

test('R5: a failed task before which nothing ran has had no other task undone', () => {
  expect(look(ran('revert', failsAt('apply', 'a'))).troubles).toMatchObject([{ kind: 'failed', atom: 'a', undone: 'nothingToUndo' }]);
});

test('R11: a rollback that waits for a call to end says so', () => {
  const item = { ...task('a'), timeLimitMs: 150 };
  const { run } = new TestRun({ definition: flow(linear('f', [item])), catalog: fakeCatalog }).claim().passTime();
  expect(look(run)).toMatchObject({ troubles: [{ undone: 'ending' }], rollback: 'Rolling back 0 of 1, a call is still ending' });
});

test('R11: the facts change when an ending call is in doubt, and when a person has settled that', () => {
  const item = { ...task('a', { type: 'once' }), timeLimitMs: 150 };
  const job = new TestRun({ definition: flow(linear('f', [item])), catalog: fakeCatalog }).claim().passTime();
  const ending = factsOf(job.run);
  const doubted = factsOf(job.passTime().run);
  expect(job.run.overdue).toBe(1);
  expect(sameFacts(ending, doubted)).toBe(false);
  job.act({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'failed' } });
  expect(sameFacts(doubted, factsOf(job.run))).toBe(false);
});

test('R7: a run whose failed revert a person marked as done says so beside its outcome', () => {
  const job = new TestRun({
    definition: flow(linear('root', [task('a'), task('b')])),
    catalog: fakeCatalog,
    script: ({ kind, atom }) => (kind === (atom === 'b' ? 'apply' : 'revert') ? { fail: 'NO' } : undefined),
  }).go();
  job.act({ kind: 'MARK_REVERTED', atom: 'a', reason: 'removed it' }).finish();
  expect(job.run.state).toBe('REVERTED');
  expect(byHandWords(factsOf(job.run), job.entries, (id) => id)).toEqual(['a marked as reverted']);
});

test('T1: a run of which all that stands was kept has nothing that a new rollback could include', () => {
  const definition = flow(linear('root', [task('mail', { type: 'send' }), task('a')]));
  const job = new TestRun({ definition, catalog: fakeCatalog }).go();
  const choice: RollbackChoice = { kind: 'job' };
  expect(factsOf(job.run).hasUndoable).toBe(true);
  job.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash }).finish();
  expect([job.run.state, factsOf(job.run).hasUndoable]).toEqual(['PARTIALLY_REVERTED', false]);
});

test('R7, I4: a rollback that was stopped in a back-off shows the same progress in an open page and in a reloaded one', () => {
  const back = { revertPolicy: { attempts: 2, delayMs: 60_000 } };
  const definition = flow(linear('root', [task('a'), { ...task('b'), ...back }, task('c')]));
  const job = new TestRun({ definition, catalog: fakeCatalog, script: failsAt('revert', 'b') }).go();
  const choice = { kind: 'job' } as const;
  job.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(job.run, choice).hash });
  job.answerNext();
  job.answerNext();
  const same = () => expect(look(restoreRun(job.run.flow, snapshotOf(job.run))).rollback).toBe(look(job.run).rollback);
  expect(look(job.run).rollback).toMatch(/^Rolling back 1 of 3, next attempt at /);
  same();
  job.act({ kind: 'SUSPEND', reason: '' });
  expect([job.run.state, look(job.run).rollback]).toEqual(['SUSPENDED', 'Rollback paused at 1 of 3']);
  same();
});

test('R1, R7: no attempt begins in a run that is paused, held or over, whatever time its atoms have', () => {
  expect((['FAILURE', 'SUSPENDED', 'SUSPENDING', 'REVERT_FAILED', 'REVERTED'] as const).filter(isAtRest)).toHaveLength(5);
  expect((['RUNNING', 'REVERTING'] as const).filter(isAtRest)).toEqual([]);
});
