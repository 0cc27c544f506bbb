import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ago, durationWords, percentWords } from './times.ts';

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const LIMITS: { readonly [unit: string]: number } = { ms: 1_000, s: 60, min: 60, h: 24 };

/** `3 min 5 s` as its parts. */
function partsOf(words: string): { readonly count: number; readonly unit: string }[] {
  return [...words.matchAll(/([\d.]+) (ms|s|min|h|d)/g)].map(([, count, unit]) => ({ count: Number(count), unit: unit ?? '' }));
}

const length = fc.oneof(
  fc.integer({ min: 0, max: 400_000_000 }),
  // Just below and at every unit, where rounding carries.
  fc
    .tuple(fc.constantFrom(1_000, 60_000, 3_600_000, 86_400_000), fc.integer({ min: 1, max: 90 }), fc.integer({ min: -700, max: 700 }))
    .map(([unit, count, more]) => Math.max(0, unit * count + more)),
  fc.double({ min: 0, max: 100_000, noNaN: true }),
);

it('no part of a duration reaches the unit above it, and the words are the duration to half of their last unit', () => {
  expect(durationWords(239_700)).toBe('4 min 0 s');
  expect(durationWords(59_960)).toBe('1 min 0 s');
  expect(durationWords(999.6)).toBe('1.0 s');
  expect(durationWords(3_599_700)).toBe('1 h 0 min');
  expect(durationWords(12_440)).toBe('12.4 s');
  fc.assert(
    fc.property(length, (ms) => {
      const parts = partsOf(durationWords(ms));
      const [first, ...rest] = parts;
      for (const { count, unit } of rest) expect(count).toBeLessThan(LIMITS[unit] ?? Infinity);
      if (first !== undefined && first.unit !== 'h') expect(first.count).toBeLessThan(LIMITS[first.unit] ?? Infinity);
      const last = parts.at(-1);
      const step = last?.unit === 's' && parts.length === 1 ? 100 : (UNITS[last?.unit ?? ''] ?? 0);
      const shown = parts.reduce((sum, { count, unit }) => sum + count * (UNITS[unit] ?? 0), 0);
      expect(Math.abs(shown - ms)).toBeLessThanOrEqual(step / 2 + 1e-6);
    }),
  );
});

it('how long ago something was never reaches the unit above', () => {
  expect(ago(0, 3_599_000)).toBe('1 h ago');
  expect(ago(0, 86_399_000)).toBe('1 d ago');
  expect(ago(0, 59_600)).toBe('1 min ago');
  expect(ago(5_000, 0)).toBe('just now');
  fc.assert(
    fc.property(length, (ms) => {
      const [part] = partsOf(ago(0, ms));
      if (part !== undefined) expect(part.count).toBeLessThan(LIMITS[part.unit] ?? Infinity);
    }),
  );
});

it('a share is 100 % only when nothing is missing, and 0 % only when there is nothing', () => {
  expect([0, 0.001, 0.5, 0.996, 1].map(percentWords)).toEqual(['0 %', '1 %', '50 %', '99 %', '100 %']);
});
