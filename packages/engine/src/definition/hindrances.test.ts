// S3: the hindrances of a task type are shown before publishing and launching, whatever the code of its author does.
import { expect, it } from 'vitest';
import { flow, linear, task } from '../testing/flows.ts';
import { hindrancesOf } from './hindrances.ts';

const definition = flow(linear('f', [task('a'), task('b', { type: 'odd' })]));
const odd: [string, () => unknown, string][] = [
  [
    'throws',
    () => {
      throw new Error('no connection');
    },
    'Task type odd version 1 cannot say whether it works on this server: no connection',
  ],
  ['rejects', () => Promise.reject(new Error('no connection')), 'cannot say whether it works on this server: no connection'],
  ['answers with an object', () => ({ why: 'off' }), '{"why":"off"}'],
  ['answers with an object that has no text', () => Object.create(null), '{}'],
];

it.each(odd)('a type whose hindrance %s hinders nothing else, and its words are shown', async (_, answer, words) => {
  const ask = async ({ type }: { readonly type: string }) => (type === 'odd' ? ((await answer()) as string) : 'step is off.');
  const [first, second] = await hindrancesOf({ definition, subflows: [] }, ask);
  expect(first).toEqual({ message: 'step is off.', usedBy: ['a'] });
  expect(second).toEqual({ message: expect.stringContaining(words), usedBy: ['b'] });
});

it('a hindrance of 2 MB is cut, and a type that says nothing has none', async () => {
  const ask = async ({ type }: { readonly type: string }) => (type === 'odd' ? 'x'.repeat(2_000_000) : (undefined as never));
  expect((await hindrancesOf({ definition, subflows: [] }, ask)).map(({ message }) => message.length)).toEqual([2_000]);
});
