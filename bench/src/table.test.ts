import { expect, it } from 'vitest';
import { intoDocument, tablesOf } from './table.ts';

const line = (figures: object) => JSON.stringify({ workload: 'W5', store: 'memory', n: 100, concurrency: 1, shape: 'linear', ...figures });

it('shows one row a case, the best of several lines of it, and skips what is no measurement', () => {
  const text = [
    'Installing packages',
    line({ total_s: 0.5, rss_mb: 100 }),
    line({ total_s: 0.3, rss_mb: 120 }),
    line({ n: 20_000, total_s: 1.25, ran_twice: 0 }),
  ].join('\n');
  expect(tablesOf(text)).toBe(
    [
      '### W5',
      '',
      '| store | shape | n | at once | seconds | peak RSS MB | ran twice |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| memory | linear | 100 | 1 | 0.3 | 120 |  |',
      '| memory | linear | 20,000 | 1 | 1.25 |  | 0 |',
      '',
    ].join('\n'),
  );
});

it('refreshes the tables of a document and leaves the rest', () => {
  const before = 'Words.\n\n<!-- tables: npm run bench -- --table -->\n\nold\n<!-- end of tables -->\n\nMore.\n';
  const after = intoDocument(before, 'new\n');
  expect(after).toBe(before.replace('old', 'new\n'));
  expect(intoDocument(after, 'new\n')).toBe(after);
  expect(() => intoDocument('no markers', 'new')).toThrow(/no <!-- tables/);
});
