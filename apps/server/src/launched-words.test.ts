import { ATTENTION_REASONS } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { attentionWords, undoneWords } from './launched-words.ts';

it.each([
  ['', 'The launched job was rolled back.'],
  ['failed at Build', 'The launched job failed at Build.'],
  ['cancelled', 'The launched job was cancelled.'],
  ['past its deadline', 'The launched job went past its deadline.'],
  ['succeeded', 'The launched job succeeded, and was rolled back afterwards.'],
  ['succeeded, caught a failure at Look', 'The launched job succeeded, caught a failure at Look, and was rolled back afterwards.'],
])('P9: of a launched job whose way forward was "%s" the failure is a whole sentence', (forward, sentence) => {
  expect(`The launched job ${undoneWords({ forward })}.`).toBe(sentence);
});

it('P9: every reason for attention has words of its own that begin with a verb', () => {
  const words = ATTENTION_REASONS.map(attentionWords);
  expect(new Set(words).size).toBe(ATTENTION_REASONS.length);
  for (const one of words) expect(one).toMatch(/^(is|has|was|waits) /);
});
