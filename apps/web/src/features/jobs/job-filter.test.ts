import { ATTENTION_REASONS } from '@windlass/engine';
import { expect, test } from 'vitest';
import { JOB_FILTERS, attentionWords } from './job-filter.ts';

test('every reason for attention has words of its own', () => {
  for (const reason of ATTENTION_REASONS) expect(attentionWords(reason)).not.toBe(reason);
});

test('a reason that is not known here is shown raw', () => {
  expect(attentionWords('haunted')).toBe('haunted');
});

test('every filter says in words why its list is empty', () => {
  for (const { empty } of JOB_FILTERS) expect(empty).toMatch(/\.$/);
});
