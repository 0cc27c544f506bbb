import { expect, it } from 'vitest';
import { besideNow, nowEdge, timeScale } from './time-scale.ts';

const tick = (x: number, words = '21:48:38') => ({ x, time: x, words });

it('no tick has words where the word *now* stands', () => {
  const ticks = [tick(0), tick(120), tick(240), tick(360, '27 Nov 21:48:38')];
  const shown = (now: number | null) => besideNow(ticks, now).map(({ x }) => x);
  expect(shown(null)).toEqual([0, 120, 240, 360]);
  expect(shown(500)).toEqual([0, 120, 240, 360]);
  expect(shown(460)).toEqual([0, 120, 240]);
  expect(shown(310)).toEqual([0, 120, 360]);
  expect(shown(238)).toEqual([0, 120, 360]);
});

it('the word *now* stays inside the axis when the time has only begun', () => {
  expect([nowEdge(0), nowEdge(90)]).toEqual([28, 90]);
  expect(besideNow([tick(0), tick(110)], 0).map(({ x }) => x)).toEqual([110]);
});

it('the time until a planned attempt is shortened, and not that in which a rollback goes on', () => {
  const timeline = {
    lanes: [
      { id: 'root', name: 'root', kind: 'job', bars: [{ kind: 'revert', from: 0, to: null, hue: 'revert', attempt: 0 }] },
      { id: 'a', name: 'a', kind: 'task', bars: [{ kind: 'wait', from: 1_000, to: 600_000, hue: 'waiting', attempt: 0 }] },
    ],
    marks: [],
    ...{ from: 0, to: 600_000, going: true },
  } as const;
  const scale = timeScale(timeline, { width: 1_028, now: 10_000 });
  expect(scale.x(10_000)).toBe(1_000);
  expect(scale.gaps).toEqual([{ x: 1_014, ms: 590_000 }]);
});
