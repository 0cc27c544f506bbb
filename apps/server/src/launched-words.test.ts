import { ATTENTION_REASONS } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { attentionWords, undoneWords } from './launched-words.ts';

it.each([
  [null, '', 'The launched job was rolled back.'],
  ['failed', 'failed at Build', 'The launched job failed at Build.'],
  ['cancelled', 'cancelled', 'The launched job was cancelled.'],
  ['overdue', 'past its deadline', 'The launched job went past its deadline.'],
  ['overdue', 'the words of another version', 'The launched job went past its deadline.'],
  ['succeeded', 'succeeded', 'The launched job succeeded, and was rolled back afterwards.'],
  [
    'succeeded',
    'succeeded, caught a failure at Look',
    'The launched job succeeded, caught a failure at Look, and was rolled back afterwards.',
  ],
] as const)('P9: the failure of a launched job whose forward outcome is %s (%s) is a whole sentence', (forwardKind, forward, sentence) => {
  expect(`The launched job ${undoneWords({ forward, forwardKind })}.`).toBe(sentence);
});

it('P9: every reason for attention has words of its own that begin with a verb', () => {
  const words = ATTENTION_REASONS.map(attentionWords);
  expect(new Set(words).size).toBe(ATTENTION_REASONS.length);
  for (const one of words) expect(one).toMatch(/^(is|has|was|waits) /);
});
