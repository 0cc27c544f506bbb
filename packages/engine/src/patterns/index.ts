import type { FlowItem } from '../definition/schema.ts';
import { graph } from './graph.ts';
import { linear } from './linear.ts';
import type { Pattern } from './pattern.ts';
import { unordered } from './unordered.ts';

/** Every pattern, in palette order. */
export const PATTERNS = { linear, unordered, graph } as const satisfies Record<FlowItem['pattern'], Pattern>;

/** The pattern of a container. */
export function patternOf(container: FlowItem): Pattern {
  return PATTERNS[container.pattern];
}
