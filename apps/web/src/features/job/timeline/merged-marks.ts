// Marks of a timeline that can be distinguished: a job that was claimed a thousand times must not get a thousand buttons.
import type { Mark } from './timeline-model.ts';

/** Marks closer than this many pixels are drawn as one. */
const APART_PX = 8;

export interface DrawnMark extends Mark {
  /** Number of marks drawn as this one, which is the last of them, or the last act of a person among them. */
  readonly count: number;
}

/** Marks to draw, in the order of time. `x` never goes back in time. */
export function mergedMarks(marks: readonly Mark[], x: (time: number) => number): readonly DrawnMark[] {
  const drawn: DrawnMark[] = [];
  let left = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const last = drawn.at(-1);
    const at = x(mark.time);
    if (last === undefined || at - left >= APART_PX) {
      drawn.push({ ...mark, count: 1 });
      left = at;
    } else {
      const shown = last.kind === 'act' && mark.kind === 'claim' ? last : mark;
      drawn[drawn.length - 1] = { ...shown, count: last.count + 1 };
    }
  }
  return drawn;
}
