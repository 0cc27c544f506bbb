import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { nextAttemptWords, failureBefore, hasNotBegun, retryOf } from './next-attempt.ts';

const retry = { id: 'again', strategy: { kind: 'times', attempts: 50, revertAll: false }, delayMs: 60_000, backoff: 1, jitter: 0 } as const;
const fails = ({ kind, atom }: { readonly kind: string; readonly atom: string }) =>
  kind === 'apply' && atom === 'b' ? { fail: 'CLOSED' } : undefined;
/** Until the first attempt of `b` has failed and has been undone. */
const waitsOf = (definition: ReturnType<typeof flow>) => {
  const test = new TestRun({ definition, catalog: fakeCatalog, script: fails }).claim();
  while (test.pending.length > 0) test.answerNext();
  return test;
};
const atomsOf = ({ run }: TestRun) => new Map(run.atoms.map((atom) => [atom.atom, atom]));

it('R3: a task that waits for its next attempt shows the state of its retry, its number and why the last attempt failed', () => {
  const item = { ...task('b'), retry };
  const test = waitsOf(flow(linear('f', [task('a'), item])));
  const atoms = atomsOf(test);
  const before = retryOf(['again'], { iteration: '', atoms });
  expect(before).toMatchObject({ atom: 'again', state: 'RETRYING', notBefore: expect.any(Number) });
  expect(before === undefined ? null : nextAttemptWords(before, item.retry)).toBe('2 of 50');
  expect(failureBefore('b', atoms)).toMatchObject({ code: 'CLOSED', message: 'apply b failed' });
  expect(failureBefore('a', atoms)).toBeNull();
  expect([hasNotBegun(atoms.get('b')), hasNotBegun(atoms.get('a'))]).toEqual([true, false]);
});

it('R1: a task that the retry of its container begins again says why it failed', () => {
  const inner = { ...linear('in', [task('b')]), retry };
  const test = waitsOf(flow(linear('f', [task('a'), inner])));
  const atoms = atomsOf(test);
  expect(atoms.get('again')?.state).toBe('RETRYING');
  expect(failureBefore('b', atoms)).toMatchObject({ code: 'CLOSED' });
});

it('R3: the failure of an earlier attempt is not shown while the next one runs', () => {
  const test = waitsOf(flow(linear('f', [task('a'), { ...task('b'), retry }])));
  test.passTime();
  if (test.run.job !== 'CLAIMED') test.wake();
  expect(atomsOf(test).get('b')?.state).toBe('RUNNING');
  expect(failureBefore('b', atomsOf(test))).toBeNull();
});
