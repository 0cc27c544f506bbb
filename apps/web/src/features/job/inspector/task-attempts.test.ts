import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { planRollback } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { attemptWords, attemptsOf } from './task-attempts.ts';

const of = (test: TestRun, atom: string) => attemptsOf(test.entries.filter((entry) => 'atom' in entry && entry.atom === atom));

it('each try has what it was given, what it gave and why it failed', () => {
  let fails = 2;
  const test = new TestRun({
    definition: flow(linear('f', [task('a', { parameters: { size: 1 }, revertPolicy: { attempts: 3, delayMs: 0 } }), task('b')])),
    catalog: fakeCatalog,
    script: ({ kind, atom }) => (kind === 'revert' && atom === 'a' && fails-- > 0 ? { fail: 'STUCK' } : { output: { of: atom } }),
  }).go();
  const hash = planRollback(test.run, { kind: 'job' }).hash;
  test.act({ kind: 'ROLL_BACK', reason: 'x', choice: { kind: 'job' }, hash }).finish();
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: { a: { size: 2 } } }).finish();
  const tries = of(test, 'a');
  expect(tries.map(({ kind, attempt, hue }) => `${kind} ${attempt} ${hue}`)).toEqual([
    'apply 1 success',
    'revert 1 failed',
    'revert 2 failed',
    'revert 3 revert',
    'apply 2 success',
  ]);
  expect(tries[0]).toMatchObject({ input: { size: 1 }, output: { of: 'a' }, failure: null });
  expect(tries[1]?.failure?.code).toBe('STUCK');
  expect(tries[4]?.input).toEqual({ size: 2 });
  expect(tries.every(({ from, to }) => to !== null && to >= from)).toBe(true);
});

it('a task that fails, and one that is undone without a call, say why', () => {
  const test = new TestRun({
    definition: flow(linear('f', [task('look', { type: 'pure' }), task('b')])),
    catalog: fakeCatalog,
    script: ({ kind, atom }) => (kind === 'apply' && atom === 'b' ? { fail: 'NO' } : undefined),
  }).go();
  expect(of(test, 'b')[0]).toMatchObject({ kind: 'apply', hue: 'failed', failure: { code: 'NO' } });
  expect(of(test, 'look').at(-1)).toMatchObject({ kind: 'revert', attempt: 0, reason: 'it has no effect' });
});

it('L2: a task undone by hand has the words and the reason, also in an entry of an older version', () => {
  const test = new TestRun({
    definition: flow(linear('f', [task('a')])),
    catalog: fakeCatalog,
    script: ({ kind }) => (kind === 'revert' ? { fail: 'STUCK' } : undefined),
  }).go();
  test.act({ kind: 'ROLL_BACK', reason: 'x', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash }).finish();
  test.act({ kind: 'MARK_REVERTED', reason: 'removed it', atom: 'a' }).finish();
  const entries = test.entries.filter((entry) => entry.kind === 'ATOM');
  const older = entries.map((entry) =>
    entry.data?.byHand ? { ...entry, data: { ...entry.data, reason: 'undone by hand: removed it' } } : entry,
  );
  for (const all of [entries, older]) expect(attemptsOf(all).at(-1)).toMatchObject({ reason: 'Undone by hand: removed it' });
});

it('R7: a revert that waits for its next attempt was tried once, and its failed attempt says so in words', () => {
  const test = new TestRun({
    definition: flow(linear('f', [task('a', { revertPolicy: { attempts: 3, delayMs: 60_000 } })])),
    catalog: fakeCatalog,
    script: ({ kind }) => (kind === 'revert' ? { fail: 'STUCK' } : undefined),
  }).go();
  test.act({ kind: 'ROLL_BACK', reason: 'x', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash }).finish();
  const all = test.entries.filter((entry) => entry.kind === 'ATOM' && entry.atom === 'a');
  const isFailure = ({ kind, from, to }: { kind: string; from?: unknown; to?: unknown }) =>
    kind === 'ATOM' && from === 'REVERTING' && to === 'REVERTING';
  const waits = all.slice(0, all.findIndex(isFailure) + 1);
  expect(attemptsOf(waits).map(attemptWords)).toEqual(['Apply 1', 'Revert 1 failed']);
  const words = ['Apply 1', 'Revert 1 failed', 'Revert 2 failed', 'Revert 3 failed'];
  expect(attemptsOf(all).map(attemptWords)).toEqual(words);
  expect(attemptsOf(all).every(({ failure }, index) => (failure === null) === (index === 0))).toBe(true);
  // The calls after a back-off have no entries in a logbook of an older version.
  const older = all.filter((entry) => entry.kind !== 'ATOM' || !isFailure(entry) || entry.data?.failure !== undefined);
  expect(older.length).toBeLessThan(all.length);
  expect(attemptsOf(older).map(attemptWords)).toEqual(words);
});

it('P9: the call after a wait for a launched job belongs to the same attempt of the revert', () => {
  const test = new TestRun({ definition: flow(linear('f', [task('a')])), catalog: fakeCatalog }).go();
  test.act({ kind: 'ROLL_BACK', reason: 'x', choice: { kind: 'job' }, hash: planRollback(test.run, { kind: 'job' }).hash }).finish();
  const all = test.entries.filter((entry) => entry.kind === 'ATOM' && entry.atom === 'a');
  const calls = all.findIndex((entry) => entry.kind === 'ATOM' && entry.to === 'REVERTING');
  const again = all.slice(calls, calls + 1).map((entry) => ({ ...entry, from: 'REVERTING' }) as typeof entry);
  const asked = again.map(
    (entry) => ({ ...entry, data: { revertAttempt: 1, notBefore: 9e9, waiting: { on: 'job', job: 'j', until: 9e9 } } }) as typeof entry,
  );
  const tries = attemptsOf([...all.slice(0, calls + 1), ...asked, ...again, ...all.slice(calls + 1)]);
  expect(tries.map(({ kind, attempt, hue }) => `${kind} ${attempt} ${hue}`)).toEqual(['apply 1 success', 'revert 1 revert']);
});
