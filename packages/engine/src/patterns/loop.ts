import { linear } from './linear.ts';
import type { Pattern } from './pattern.ts';

/** P7: the children in order, again in each round while the condition holds. */
export const loop: Pattern = {
  ...linear,
  name: 'loop',
  title: 'Loop',
  summary: 'Its items in order, repeated while a condition holds.',
};
