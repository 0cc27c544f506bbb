// A part of a timeline that is looked at closely. Pure.
import type { Timeline } from './timeline-model.ts';

/** Milliseconds since 1970, `from` before `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Closer than this there is nothing more to see. */
const LEAST_MS = 20;

/** The timeline as if the job had been only that long; bars that reach beyond keep their own times. */
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

/** Half of it, or twice of it, about its middle, within the whole; null when that is all of it. */
export function zoomed(range: TimeRange | null, { whole, by }: { readonly whole: TimeRange; readonly by: number }): TimeRange | null {
  const { from, to } = range ?? whole;
  const half = Math.max(LEAST_MS, (to - from) * by) / 2;
  const middle = (from + to) / 2;
  return within({ from: middle - half, to: middle + half }, whole);
}

/** As long, later or earlier by that share of its length. */
export function moved(range: TimeRange, { whole, by }: { readonly whole: TimeRange; readonly by: number }): TimeRange | null {
  const length = range.to - range.from;
  const from = Math.min(Math.max(whole.from, range.from + by * length), Math.max(whole.from, whole.to - length));
  return within({ from, to: from + length }, whole);
}

/** What was drawn with the mouse, either way round; null for too little to be meant. */
export function brushed(a: number, b: number, whole: TimeRange): TimeRange | null {
  const [from, to] = a < b ? [a, b] : [b, a];
  return to - from < LEAST_MS ? null : within({ from, to }, whole);
}

function within(range: TimeRange, whole: TimeRange): TimeRange | null {
  const from = Math.max(whole.from, Math.round(range.from));
  const to = Math.min(whole.to, Math.round(range.to));
  return from <= whole.from && to >= whole.to ? null : { from, to };
}
