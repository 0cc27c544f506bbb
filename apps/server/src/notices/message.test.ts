import type { AtomSnapshot, RunSnapshot } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { sentenceOf } from './message.ts';

const definition = {
  schemaVersion: 1,
  name: 'Ship',
  root: {
    kind: 'flow',
    id: 'root',
    name: 'Ship',
    pattern: 'linear',
    items: ['one', 'two', 'three', 'four'].map((id) => ({ kind: 'task', id, name: `Task ${id}`, type: 'delay' })),
  },
} as unknown as Parameters<typeof sentenceOf>[2];
const atom = (id: string, more: object) =>
  ({ atom: id, state: 'SUCCESS', kept: null, inDoubt: null, failure: null, revertFailure: null, waiting: null, ...more }) as AtomSnapshot;
const run = (state: RunSnapshot['state'], atoms: readonly AtomSnapshot[], forward: RunSnapshot['forward'] = null) => ({
  state,
  forward,
  atoms,
});
const say = (attention: Parameters<typeof sentenceOf>[0]['attention'], snapshot: Parameters<typeof sentenceOf>[1], flowName = 'Ship') =>
  sentenceOf({ attention, flowName }, snapshot, definition);
const failure = { message: 'token s3cret was refused' };

test('each need has a sentence that names the flow and its tasks, and no cause', () => {
  expect(say('held', run('FAILURE', [atom('two', { state: 'FAILURE', failure })]))).toBe('“Ship” is held: “Task two” failed.');
  expect(say('held', run('FAILURE', [], { kind: 'cancelled', by: 'ana', reason: 'x' }))).toBe('“Ship” was cancelled and is held.');
  expect(say('revert_failed', run('REVERT_FAILED', [atom('one', { state: 'REVERT_FAILURE', revertFailure: failure })]))).toBe(
    '“Ship” could not be rolled back completely: “Task one” could not be reverted.',
  );
  expect(say('in_doubt', run('RUNNING', [atom('hosts[3].two', { state: 'RUNNING', inDoubt: 'lost' })]))).toBe(
    '“Ship” is in doubt: it is unknown whether “Task two” took effect.',
  );
  const waiting = { on: 'approval', until: null, by: [], then: 'fail', question: 'May it go out?' };
  expect(say('approval', run('RUNNING', [atom('one', { waiting })]))).toBe('“Ship” waits for an approval: May it go out?');
  expect(say('dead_lettered', null)).toBe('“Ship” was given up by the job board and waits for a person.');
});

test('what cannot be known is left out: a run or a definition that cannot be read', () => {
  expect([say('held', null), say('in_doubt', null), say('approval', null)]).toEqual([
    '“Ship” is held.',
    '“Ship” is in doubt: it is unknown whether a task took effect.',
    '“Ship” waits for an approval.',
  ]);
  const held = run('FAILURE', [atom('two', { state: 'FAILURE', failure })]);
  expect(sentenceOf({ attention: 'held', flowName: 'Ship' }, held, null)).toBe('“Ship” is held: “two” failed.');
});

test('it stays one line, and short: it becomes the subject of a mail', () => {
  const failed = ['one', 'two', 'three', 'four', 'one'].map((id) => atom(id, { state: 'FAILURE', failure }));
  expect(say('held', run('FAILURE', failed))).toBe('“Ship” is held: “Task one”, “Task two”, “Task three” and 2 more failed.');
  expect(say('dead_lettered', null, 'a\r\nBcc: eve@example.org\u2028b\u0000')).toBe(
    '“a Bcc: eve@example.org b ” was given up by the job board and waits for a person.',
  );
  expect(say('dead_lettered', null, 'x'.repeat(9_000))).toHaveLength(500);
});
