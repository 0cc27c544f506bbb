import { expect, it } from 'vitest';
import { mergedMarks } from './merged-marks.ts';
import type { Mark } from './timeline-model.ts';

const mark = (kind: Mark['kind'], time: number): Mark => ({ kind, time, number: time, label: `${kind} ${time}` });

it('marks that fall on one place are one, which shows what a person did', () => {
  const marks = [mark('claim', 0), mark('act', 2), mark('claim', 4), mark('claim', 50)];
  expect(mergedMarks(marks, (time) => time)).toEqual([
    { ...mark('act', 2), count: 3 },
    { ...mark('claim', 50), count: 1 },
  ]);
});

it('a thousand claims are no more marks than there is room for', () => {
  const marks = Array.from({ length: 1_000 }, (_, time) => mark('claim', time));
  expect(mergedMarks(marks, (time) => time / 2).length).toBeLessThanOrEqual(63);
});
