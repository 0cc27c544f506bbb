import { ATTENTION_REASONS, parseSearch } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { JOB_FILTERS, attentionWords, choose, chosenIn, replaced, termsOf, without } from './job-filter.ts';

test('every reason for attention has words of its own', () => {
  for (const reason of ATTENTION_REASONS) expect(attentionWords(reason)).not.toBe(reason);
});

test('a reason that is not known here is shown raw', () => {
  expect(attentionWords('haunted')).toBe('haunted');
});

test('every quick chip writes a search, and is the one that its text shows as chosen', () => {
  for (const filter of JOB_FILTERS) {
    expect(parseSearch(filter.search).kind).toBe('search');
    expect(filter.empty).toMatch(/\.$/);
    expect(chosenIn(choose('by:ada state:reverted x', filter))).toBe(filter.id);
  }
  expect(chosenIn('state:reverted')).toBeNull();
});

test('a chip replaces what was said of states, and nothing else', () => {
  expect(choose('by:ada state:reverted "two words"', JOB_FILTERS[2])).toBe('attention:any by:ada "two words"');
  expect(replaced('flow:a x', ['flow'], 'flow:"b c"')).toBe('flow:"b c" x');
});

test('a term that is taken out leaves the others as they were', () => {
  const text = 'x input.region:eu x input.size:3';
  expect(termsOf(text).map((term) => without(text, term))).toEqual([
    'input.region:eu x input.size:3',
    'x x input.size:3',
    'x input.region:eu input.size:3',
    'x input.region:eu x',
  ]);
});
