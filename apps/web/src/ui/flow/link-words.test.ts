import { expect, test } from 'vitest';
import { linkLabel, linkSentence, shortCondition } from './link-words.ts';

test('a long condition is cut, a short one is whole on one line', () => {
  expect(shortCondition('a\n  == 1')).toBe('a == 1');
  expect(shortCondition('x'.repeat(60))).toHaveLength(28);
});

test('P4: a plain link says nothing, one with a condition says it', () => {
  expect(linkLabel({})).toBeNull();
  expect(linkLabel({ decider: 'outputs.a.ok' })).toBe('outputs.a.ok');
});

test('P7: a link that goes back says so, with its condition and limit', () => {
  expect(linkLabel({ decider: 'outputs.a.more', again: { limit: 5 } })).toBe('↺ outputs.a.more · ≤ 5 rounds');
  expect(linkSentence({ id: 'l', from: 'b', to: 'a', again: { limit: 5 } }, { from: 'B', to: 'A' })).toBe(
    'Goes back from B to A, at most 5 rounds',
  );
});

test('P11: a link on failure says so, with its condition', () => {
  expect(linkLabel({ onFailure: true })).toBe('on failure');
  expect(linkLabel({ onFailure: true, decider: 'failure.code == "A"' })).toBe('on failure: failure.code == "A"');
  expect(linkSentence({ id: 'l', from: 'a', to: 'b', onFailure: true }, { from: 'A', to: 'B' })).toBe('On failure of A, to B');
});
