import { expect, test } from 'vitest';
import type { Entry, EntryDraft } from '../logbook/entry.ts';
import { ENGINE_ACTOR } from '../actor.ts';
import { isOrigin } from './occurrence.ts';

const entry = (draft: EntryDraft): Entry => ({ number: 1, time: 1, actor: ENGINE_ACTOR, token: 1, ...draft });
const waiting = { on: 'approval', until: null, by: [], then: 'fail', question: 'May it?' } as const;
const released = entry({ kind: 'JOB', from: 'CLAIMED', to: 'WAITING', data: { attention: 'approval' } });
const asked = entry({ kind: 'ATOM', atom: 'ask', attempt: 1, from: 'PENDING', to: 'WAITING', data: { waiting } });
const timed = entry({
  kind: 'ATOM',
  atom: 'pause',
  attempt: 1,
  from: 'PENDING',
  to: 'WAITING',
  data: { waiting: { on: 'timer', until: 9 } },
});
const failed = entry({ kind: 'RUN', from: 'RUNNING', to: 'FAILURE' });
const stuck = entry({ kind: 'RUN', from: 'REVERTING', to: 'REVERT_FAILED' });
const doubt = entry({ kind: 'MARK', atom: 'a', attempt: 1, mark: 'IN_DOUBT' });

test('a need begins with the entry that caused it, and not with the end of the claim', () => {
  expect([released, timed, asked].map((one) => isOrigin('approval', one))).toEqual([false, false, true]);
  expect([released, stuck, failed].map((one) => isOrigin('held', one))).toEqual([false, false, true]);
  expect([released, failed, stuck].map((one) => isOrigin('revert_failed', one))).toEqual([false, false, true]);
  expect([released, failed, doubt].map((one) => isOrigin('in_doubt', one))).toEqual([false, false, true]);
  expect(isOrigin('dead_lettered', released)).toBe(true);
});
