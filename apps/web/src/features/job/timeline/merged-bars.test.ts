import { expect, test } from 'vitest';
import { mergedBars } from './merged-bars.ts';
import type { Bar } from './timeline-model.ts';

const bar = (from: number, more: Partial<Bar> = {}): Bar => ({ kind: 'apply', from, to: from + 4, hue: 'success', attempt: 1, ...more });
/** A thousand milliseconds are ten pixels. */
const scale = { x: (time: number) => time / 100, end: 1_000_000 };

test('a lane with few bars is drawn as it is', () => {
  const bars = [bar(0), bar(1), bar(2, { hue: 'failed' })];
  expect(mergedBars(bars, scale)).toEqual(bars.map((one) => ({ ...one, count: 1 })));
});

test('25,000 bars become as many as there are pixels for, and each is in one of them', () => {
  const bars = Array.from({ length: 25_000 }, (_, index) => bar(index * 4));
  const drawn = mergedBars(bars, scale);
  expect(drawn.length).toBeLessThan(500);
  expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(25_000);
});

test('one that stands for many shows the worst of them, and that it is still going on', () => {
  const bars = Array.from({ length: 300 }, (_, index) => bar(index));
  bars[150] = bar(150, { hue: 'failed' });
  bars[299] = bar(299, { hue: 'running', to: null });
  expect(mergedBars(bars, scale)).toEqual([{ kind: 'apply', from: 0, to: null, hue: 'failed', attempt: 0, count: 300 }]);
});

test('what stands apart stays apart, and a revert is never merged into an apply', () => {
  const bars = [...Array.from({ length: 300 }, (_, index) => bar(index)), bar(500_000), bar(500_001, { kind: 'revert', hue: 'revert' })];
  expect(mergedBars(bars, scale).map(({ kind, count }) => [kind, count])).toEqual([
    ['apply', 300],
    ['apply', 1],
    ['revert', 1],
  ]);
});
