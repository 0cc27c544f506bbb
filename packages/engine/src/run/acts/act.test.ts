// The shape of an act: an act whose reason is kept as a fact of the job is not accepted without one (L2, R7, R10, A4).
import { expect, it } from 'vitest';
import { actSchema } from './act.ts';

const atom = 'a';

it.each([
  ['R10', { kind: 'SKIP_FAILED', atom, output: { text: 'given' } }],
  ['R7', { kind: 'MARK_REVERTED', atom }],
  ['R7', { kind: 'KEEP', atom }],
  ['A4', { kind: 'SETTLE_DOUBT', atom, answer: { kind: 'happened', output: {} } }],
  ['A4', { kind: 'SETTLE_DOUBT', atom, answer: { kind: 'repeat' } }],
  ['B1', { kind: 'ROLL_BACK', reason: 'r', hash: 'h', choice: { kind: 'atoms', atoms: ['b'], leaveOut: [{ atom, reason: ' ' }] } }],
])('%s, L2: %j is refused without a reason', (_, act) => {
  for (const reason of [undefined, '', '  \n']) {
    const given = 'reason' in act ? act : { ...act, reason };
    const parsed = actSchema.safeParse(given);
    expect(parsed.error?.issues[0]?.path.at(-1)).toBe('reason');
  }
});
