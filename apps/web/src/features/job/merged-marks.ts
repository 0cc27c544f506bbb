// Marks of a timeline as they can be told apart: a job that was claimed a thousand times has no thousand buttons.
import type { Mark } from './timeline-model.ts';

/** Closer than this they are one to the eye and to a finger. */
const APART_PX = 8;

export interface DrawnMark extends Mark {
  /** How many marks it stands for; it is the last of them, or the last act of a person among them. */
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
