import type { Pattern } from './pattern.ts';

/** P1: children strictly in order. */
export const linear: Pattern = {
  name: 'linear',
  title: 'Linear',
  summary: 'Its items one after another, in the order shown.',
  hasLinks: false,
  siblingOutputs: 'earlier',
  order: ({ items }) => items.slice(1).map((_, index) => [index, index + 1] as const),
};
