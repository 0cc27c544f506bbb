import type { Entry } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { nextMoment } from './replay-pace.ts';

const entries = (times: readonly number[], first = 1) =>
  times.map((time, index) => ({ number: first + index, time })) as unknown as Entry[];

it('plays at the pace of the run, no faster than can be watched and without its idle hours', () => {
  const logbook = entries([0, 5, 405, 9_000_000]);
  const moments = [1, 2, 3].map((at) => nextMoment(logbook, { at, number: 5 }));
  expect(moments).toEqual([
    { number: 2, afterMs: 120 },
    { number: 3, afterMs: 400 },
    { number: 4, afterMs: 1_000 },
  ]);
  expect(nextMoment(logbook, { at: 4, number: 5 })).toBeNull();
});

it('a logbook of 50,000 entries is played in about a minute, also where its beginning is not loaded', () => {
  let at = 1;
  let ms = 0;
  for (let next = nextMoment([], { at, number: 50_000 }); next !== null; next = nextMoment([], { at, number: 50_000 })) {
    at = next.number;
    ms += next.afterMs;
  }
  expect(ms).toBeLessThan(70_000);
});
