import { type Act, doubtOf, refusalOf } from '@windlass/engine/run';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { doubtAsk } from './asks.ts';
import { doubtChoices } from './doubt-words.ts';
import type { JobActs } from './job-acts.ts';

const claimed = (more: object = {}) =>
  new TestRun({ definition: flow(linear('f', [{ ...task('a', { type: 'once' }), ...more }])), catalog: fakeCatalog }).claim();
const RUNS = {
  'an apply whose conductor was lost': [() => claimed().crash().claim(), ['It happened', 'Repeat it', 'It failed']],
  'a call that was told to stop and does not end': [
    () => claimed({ timeLimitMs: 150 }).passTime().passTime(),
    ['It happened', 'It failed'],
  ],
} as const;

it.each(Object.entries(RUNS))(
  'A4: a person is offered the answers that the engine accepts, each with its effect: %s',
  async (_, [make, buttons]) => {
    const { run } = make();
    const choices = doubtChoices(doubtOf(run, 'a'));
    expect(choices.map(({ button }) => button)).toEqual(buttons);
    expect(choices.every(({ does }) => does !== '')).toBe(true);
    for (const choice of choices) {
      const sent: Act[] = [];
      const acts = {
        settleDoubt: async (atom: string, reason: string, answer: Extract<Act, { kind: 'SETTLE_DOUBT' }>['answer']) => {
          sent.push({ kind: 'SETTLE_DOUBT', atom, reason, answer });
          return { kind: 'done', number: 1 } as const;
        },
      } as unknown as JobActs;
      const ask = doubtAsk(acts, 'a', { name: 'a', choice, outputs: { initial: {}, hint: '' } });
      expect([ask.description, ask.value !== undefined]).toEqual([choice.does, choice.givesOutputs]);
      await ask.send({ reason: 'looked', value: ask.value === undefined ? undefined : { id: 'x' }, choice: undefined, parameters: {} });
      expect(sent.map((act) => refusalOf(run, act))).toEqual([null]);
    }
  },
);

it('B7: a doubt that was settled meanwhile offers nothing', () => {
  expect(doubtChoices(doubtOf(claimed().finish().run, 'a'))).toEqual([]);
});
