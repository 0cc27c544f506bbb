// Time -> pixels. Long periods in which nothing ran are shortened, so that a rollback of yesterday's
// job is wide enough to be seen.
import type { Timeline } from './timeline-model.ts';

/** Width of a shortened gap. */
const GAP_PX = 28;
/** Gaps shorter than this share of the busy time are not shortened. */
const SHARE = 0.25;
const LEAST_GAP_MS = 2_000;
/** Least width of a period in which something ran, if there is room. */
const LEAST_PART_PX = 96;

export interface TimeScale {
  readonly x: (time: number) => number;
  /** The time at a distance from the left edge. */
  readonly timeAt: (x: number) => number;
  /** Middles of shortened gaps, with their duration. */
  readonly gaps: readonly { readonly x: number; readonly ms: number }[];
  /** `fine`: less than a second from the next, so its words need milliseconds. */
  readonly ticks: readonly { readonly x: number; readonly time: number; readonly fine: boolean }[];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
  readonly pressed: boolean;
}

export function timeScale(timeline: Timeline, { width, now }: { width: number; now: number }): TimeScale {
  const end = timeline.going ? Math.max(now, timeline.to) : timeline.to;
  const stretches = layOut(cut(timeline, { end, now }), width);
  const x = (time: number): number => {
    const stretch = stretches.find((one) => time <= one.to) ?? stretches.at(-1);
    if (stretch === undefined) return 0;
    const span = stretch.to - stretch.from;
    const part = span === 0 ? 0 : Math.min(1, Math.max(0, (time - stretch.from) / span));
    return stretch.x + part * stretch.width;
  };
  const timeAt = (at: number): number => {
    const stretch = stretches.find((one) => at <= one.x + one.width) ?? stretches.at(-1);
    if (stretch === undefined) return timeline.from;
    const part = stretch.width === 0 ? 0 : Math.min(1, Math.max(0, (at - stretch.x) / stretch.width));
    return Math.round(stretch.from + part * (stretch.to - stretch.from));
  };
  const gaps = stretches.filter(({ pressed }) => pressed).map((one) => ({ x: one.x + one.width / 2, ms: one.to - one.from }));
  return { x, timeAt, gaps, ticks: ticksOf(stretches) };
}

/** Width of the word *now* on the axis, and of a character of a tick's words. */
const NOW_PX = 28;
const CHARACTER_PX = 6.5;

/** Right edge of the word *now*, which stays inside the axis. */
export function nowEdge(x: number): number {
  return Math.max(x, NOW_PX);
}

/** A tick with its words, which begin at it. */
export interface LabelledTick {
  readonly x: number;
  readonly time: number;
  readonly words: string;
}

/** The ticks whose words do not touch the word *now* at `now`; all when it is null. */
export function besideNow(ticks: readonly LabelledTick[], now: number | null): readonly LabelledTick[] {
  if (now === null) return ticks;
  const right = nowEdge(now);
  return ticks.filter(({ x, words }) => x >= right + CHARACTER_PX || x + words.length * CHARACTER_PX <= right - NOW_PX);
}

function cut(timeline: Timeline, { end, now }: { end: number; now: number }): Omit<Stretch, 'x' | 'width'>[] {
  const { from } = timeline;
  const busy = timeline.lanes
    .flatMap(({ bars }) =>
      bars
        .filter(({ kind }) => kind !== 'wait')
        .map((bar) => [Math.max(from, bar.from), Math.min(end, bar.to ?? Math.max(now, bar.from))] as const),
    )
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [start, stop] of busy) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], stop);
    else merged.push([start, stop]);
  }
  const busyMs = merged.reduce((sum, [start, stop]) => sum + stop - start, 0);
  const least = Math.max(LEAST_GAP_MS, busyMs * SHARE);
  const stretches: Omit<Stretch, 'x' | 'width'>[] = [];
  let at = from;
  for (const [start, stop] of [...merged, [end, end] as [number, number]]) {
    if (start - at > least) {
      stretches.push({ from: at, to: start, pressed: true });
      at = start;
    }
    const last = stretches.at(-1);
    const to = Math.max(stop, at);
    if (last !== undefined && !last.pressed) stretches[stretches.length - 1] = { ...last, to };
    else if (to > at || stretches.length === 0) stretches.push({ from: at, to, pressed: false });
    at = to;
  }
  return stretches;
}

function layOut(stretches: readonly Omit<Stretch, 'x' | 'width'>[], width: number): Stretch[] {
  const pressed = stretches.filter((one) => one.pressed).length;
  const open = stretches.reduce((sum, one) => sum + (one.pressed ? 0 : one.to - one.from), 0);
  const room = Math.max(0, width - pressed * GAP_PX);
  const parts = stretches.length - pressed;
  // Short periods stay wide enough to be read beside long ones.
  const least = Math.min(LEAST_PART_PX, room / (2 * Math.max(1, parts)));
  const shared = room - least * parts;
  let x = 0;
  return stretches.map((one) => {
    const own = one.pressed ? GAP_PX : open === 0 ? room : least + ((one.to - one.from) / open) * shared;
    const placed = { ...one, x, width: own };
    x += own;
    return placed;
  });
}

const STEPS = [
  10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
  7_200_000, 21_600_000, 86_400_000,
];

function ticksOf(stretches: readonly Stretch[]): { x: number; time: number; fine: boolean }[] {
  const ticks: { x: number; time: number; fine: boolean }[] = [];
  for (const { from, to, x, width, pressed } of stretches) {
    if (pressed || width < 40) continue;
    const perPx = (to - from) / width;
    const step = STEPS.find((one) => one / perPx >= 110) ?? 86_400_000;
    const fine = step < 1_000;
    ticks.push({ x, time: from, fine });
    for (let time = Math.ceil(from / step) * step; time < to; time += step) {
      const at = x + (time - from) / perPx;
      if (at - x > 90 && x + width - at > 60) ticks.push({ x: at, time, fine });
    }
  }
  return ticks;
}
