import { type Item, itemSchema } from '@windlass/engine/definition';
import { describe, expect, it } from 'vitest';
import { badgesOf, repeatWords } from './badges.ts';

const task = (more: object): Item => itemSchema.parse({ kind: 'task', id: 'a', name: 'a', type: 'message', ...more });
const box = (more: object): Item => itemSchema.parse({ kind: 'flow', id: 'b', name: 'b', pattern: 'linear', items: [], ...more });
const words = (item: Item) => badgesOf(item).map((badge) => badge.words);

describe('what a node says of itself', () => {
  it('nothing when there is nothing out of the ordinary', () => {
    expect(words(task({}))).toEqual([]);
  });

  it('its retry, its time limit and its join, in that order', () => {
    const retry = { id: 'r', strategy: { kind: 'times', attempts: 3 } };
    expect(words(task({ retry, timeLimitMs: 30_000, join: 'any' }))).toEqual(['retry ×3', '≤ 30 s', 'any']);
  });

  it('counts the values of a retry that goes through them', () => {
    expect(words(box({ retry: { id: 'r', strategy: { kind: 'for_each', values: ['a', 'b'] } } }))).toEqual(['retry ×2']);
  });

  it("a container's own revert, and the reason where there is none", () => {
    expect(words(box({ revert: { mode: 'each' } }))).toEqual([]);
    expect(badgesOf(box({ revert: { mode: 'none', reason: 'sent by post' } }))).toMatchObject([
      { words: 'kept', title: 'Not undone: sent by post' },
    ]);
  });

  it('how a container repeats: a for-each one at a time unless it says otherwise', () => {
    expect(repeatWords(box({ pattern: 'for_each' }))).toBe('1 at a time');
    expect(repeatWords(box({ pattern: 'for_each', limit: 4 }))).toBe('4 at a time');
    expect(repeatWords(box({ pattern: 'loop', loop: { again: 'true', limit: 5 } }))).toBe('≤ 5 rounds');
    expect(repeatWords(box({}))).toBeNull();
  });
});
