import type { Pattern } from './pattern.ts';

/** P2: children together, up to the container's limit; they cannot use one another's outputs. */
export const unordered: Pattern = {
  name: 'unordered',
  title: 'Unordered',
  summary: 'Its items all together, up to a limit; none can use the output of another.',
  hasLinks: false,
  siblingOutputs: 'none',
  order: () => [],
};
