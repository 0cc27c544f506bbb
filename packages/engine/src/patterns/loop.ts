import { linear } from './linear.ts';
import type { Pattern } from './pattern.ts';

/** P7: the children in order, round after round while its condition says so. */
export const loop: Pattern = {
  ...linear,
  name: 'loop',
  title: 'Loop',
  summary: 'Its items in order, again and again while a condition holds.',
};
