import type { Pattern } from './pattern.ts';

/** P2: children together, up to the container's limit; they do not see one another's outputs. */
export const unordered: Pattern = {
  name: 'unordered',
  title: 'Unordered',
  summary: 'All together, up to a limit; none sees what another gives.',
  hasLinks: false,
  siblingOutputs: 'none',
  order: () => [],
};
