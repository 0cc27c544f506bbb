import { linear } from './linear.ts';
import type { Pattern } from './pattern.ts';

/** P6: the children in order, once per element of a list that is known only at run time. */
export const forEach: Pattern = {
  ...linear,
  name: 'for_each',
  title: 'For each',
  summary: 'Its items in order, once per element of a list.',
};
