// A pattern says which direct children of a container come before which. Readiness, reverse order and waves all follow from
// these orderings.
import type { FlowItem } from '../definition/schema.ts';

/** Two direct children, by index in `items`: the first comes before the second. */
export type ChildOrder = readonly [before: number, after: number];

export interface Pattern {
  readonly name: FlowItem['pattern'];
  readonly title: string;
  /** One sentence for the palette. */
  readonly summary: string;
  /** May people draw links between the children? */
  readonly hasLinks: boolean;
  /** May a child use the output of a sibling, and does that use order them? */
  readonly siblingOutputs: 'earlier' | 'none' | 'orders';
  /** The orderings of the pattern itself; bindings add more where `siblingOutputs` is `orders`. */
  order(container: FlowItem): readonly ChildOrder[];
}
