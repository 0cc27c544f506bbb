// A visible part of a timeline. Pure.
import type { Timeline } from './timeline-model.ts';

/** Milliseconds since 1970, `from` before `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Shortest visible part. */
const LEAST_MS = 20;

/** The timeline of only that range; bars that reach beyond it keep their own times. */
export function inRange(timeline: Timeline, range: TimeRange | null): Timeline {
  if (range === null) return timeline;
  const { from, to } = range;
  const isIn = (time: number) => time >= from && time <= to;
  return {
    ...timeline,
    from,
    to,
    going: false,
    marks: timeline.marks.filter(({ time }) => isIn(time)),
    lanes: timeline.lanes.map((lane) => ({ ...lane, bars: lane.bars.filter((bar) => bar.from <= to && (bar.to ?? to) >= from) })),
  };
}

/** The range made shorter or longer around its middle, within the whole; null when it becomes the whole. */
export function zoomed(range: TimeRange | null, { whole, by }: { readonly whole: TimeRange; readonly by: number }): TimeRange | null {
  const { from, to } = range ?? whole;
  const half = Math.max(LEAST_MS, (to - from) * by) / 2;
  const middle = (from + to) / 2;
  return within({ from: middle - half, to: middle + half }, whole);
}

/** The range moved later or earlier by that share of its length. */
export function moved(range: TimeRange, { whole, by }: { readonly whole: TimeRange; readonly by: number }): TimeRange | null {
  const length = range.to - range.from;
  const from = Math.min(Math.max(whole.from, range.from + by * length), Math.max(whole.from, whole.to - length));
  return within({ from, to: from + length }, whole);
}

/** The range drawn with the mouse in either direction; null when it is too short. */
export function brushed(a: number, b: number, whole: TimeRange): TimeRange | null {
  const [from, to] = a < b ? [a, b] : [b, a];
  return to - from < LEAST_MS ? null : within({ from, to }, whole);
}

function within(range: TimeRange, whole: TimeRange): TimeRange | null {
  const from = Math.max(whole.from, Math.round(range.from));
  const to = Math.min(whole.to, Math.round(range.to));
  return from <= whole.from && to >= whole.to ? null : { from, to };
}
