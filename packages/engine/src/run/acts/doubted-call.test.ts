// A4, R11: which call a doubt is about, and which answers it takes. Screens offer exactly the answers that are not refused.
import { expect, it } from 'vitest';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { doubtsOf } from './doubted-call.ts';
import { refusalOf } from './refuse.ts';

const named = { ...task('a', { type: 'once' }), name: 'Book the room' };
const claimed = (more: object = {}, type = 'once') =>
  new TestRun({ definition: flow(linear('f', [{ ...named, ...more, type }])), catalog: fakeCatalog }).claim();
const rolledBack = (test: TestRun) => {
  const choice = { kind: 'job' } as const;
  return test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash });
};

const DOUBTS = {
  'an apply whose conductor was lost': [() => claimed().crash().claim(), 'apply', true],
  'an apply whose conductor was lost, while the job is cancelled': [
    () => claimed().crash().claim().act({ kind: 'CANCEL', reason: '', then: 'revert' }),
    'endedApply',
    false,
  ],
  'an apply that was told to stop and does not end': [() => claimed({ timeLimitMs: 150 }).passTime().passTime(), 'failedApply', false],
  'a failed apply that may live on after a takeover': [
    () => claimed({ timeLimitMs: 150 }).passTime().crash().claim('may live'),
    'failedApply',
    false,
  ],
  'a revert that was told to stop and does not end, before its next attempt': [
    () =>
      rolledBack(claimed({ timeLimitMs: 150, revertPolicy: { attempts: 2, delayMs: 60_000 } }).finish())
        .passTime()
        .passTime(),
    'failedRevert',
    false,
  ],
  'a revert whose conductor was lost': [() => rolledBack(claimed({}, 'reverts_once').finish()).crash().claim(), 'revert', true],
} as const satisfies { readonly [name: string]: readonly [() => TestRun, string, boolean] };

it.each(Object.entries(DOUBTS))('A4: %s', (_, [make, call, mayRepeat]) => {
  const { run } = make();
  expect(doubtsOf(run)).toEqual([{ atom: 'a', call, mayRepeat }]);
  const answered = (answer: { kind: 'happened'; output: object } | { kind: 'repeat' } | { kind: 'failed' }) =>
    refusalOf(run, { kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer } as never)?.message ?? 'accepted';
  expect(answered({ kind: 'failed' })).toBe('accepted');
  expect(answered({ kind: 'happened', output: {} })).toBe('accepted');
  const repeated = answered({ kind: 'repeat' });
  if (mayRepeat) expect(repeated).toBe('accepted');
  else expect(repeated).toContain('“Book the room”');
});

it('A4: a run without a doubt has none', () => {
  expect(doubtsOf(claimed().finish().run)).toEqual([]);
});
