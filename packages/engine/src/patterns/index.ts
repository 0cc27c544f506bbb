import type { FlowItem } from '../definition/schema.ts';
import { forEach } from './for-each.ts';
import { graph } from './graph.ts';
import { linear } from './linear.ts';
import { loop } from './loop.ts';
import type { Pattern } from './pattern.ts';
import { unordered } from './unordered.ts';

/** Every pattern, in palette order. */
export const PATTERNS = { linear, unordered, graph, for_each: forEach, loop } as const satisfies Record<FlowItem['pattern'], Pattern>;

/** The pattern of a container. */
export function patternOf(container: FlowItem): Pattern {
  return PATTERNS[container.pattern];
}
