import { describe, expect, it } from 'vitest';
import { brushed, inRange, moved, zoomed } from './time-range.ts';
import { timeScale } from './time-scale.ts';
import type { Bar, Timeline } from './timeline-model.ts';

const whole = { from: 0, to: 1_000 };
const bar = (from: number, to: number | null): Bar => ({ kind: 'apply', from, to, hue: 'success', attempt: 1 });
const timeline: Timeline = {
  lanes: [{ id: 'a', name: 'a', kind: 'task', bars: [bar(0, 300), bar(400, 500), bar(900, null)] }],
  marks: [{ kind: 'act', time: 450, number: 3, label: 'ana' }],
  ...whole,
  going: true,
};

describe('a part of the timeline', () => {
  it('shows what reaches into it, with its own times, and nothing else', () => {
    const shown = inRange(timeline, { from: 250, to: 450 });
    expect(shown.lanes[0]?.bars).toEqual([bar(0, 300), bar(400, 500)]);
    expect(shown).toMatchObject({ from: 250, to: 450, going: false, marks: [{ number: 3 }] });
  });

  it('fills the width, and a place on it is a time of it', () => {
    const scale = timeScale(inRange(timeline, { from: 250, to: 450 }), { width: 200, now: 5_000 });
    expect([scale.x(250), scale.x(450), scale.x(0), scale.x(999)]).toEqual([0, 200, 0, 200]);
    for (const x of [0, 57, 200]) expect(scale.x(scale.timeAt(x))).toBeCloseTo(x, 0);
  });

  it('is halved and doubled about its middle, and all of it is no part', () => {
    expect(zoomed(null, { whole, by: 0.5 })).toEqual({ from: 250, to: 750 });
    expect(zoomed({ from: 250, to: 750 }, { whole, by: 2 })).toBeNull();
    expect(zoomed({ from: 500, to: 510 }, { whole, by: 0.5 })).toEqual({ from: 495, to: 515 });
  });

  it('moves no further than the job went', () => {
    expect(moved({ from: 250, to: 750 }, { whole, by: 0.5 })).toEqual({ from: 500, to: 1_000 });
    expect(moved({ from: 500, to: 1_000 }, { whole, by: 0.5 })).toEqual({ from: 500, to: 1_000 });
  });

  it('is drawn either way round; a click draws none', () => {
    expect(brushed(700, 200, whole)).toEqual({ from: 200, to: 700 });
    expect(brushed(200, 205, whole)).toBeNull();
  });
});
