// A pattern is only this: which direct children of a container come before which. Everything else (readiness,
// reverse order, waves) follows from the links that it gives.
import type { FlowItem } from '../definition/schema.ts';

/** Two direct children, by position in `items`: the first is before the second. */
export type ChildOrder = readonly [before: number, after: number];

export interface Pattern {
  readonly name: FlowItem['pattern'];
  readonly title: string;
  /** One sentence for the palette. */
  readonly summary: string;
  /** May people draw links between its children? */
  readonly hasLinks: boolean;
  /** May a child use the output of a sibling, and does that order them? */
  readonly siblingOutputs: 'earlier' | 'none' | 'orders';
  /** The orderings that the container's own document states; bindings may add more where `siblingOutputs` is `orders`. */
  order(container: FlowItem): readonly ChildOrder[];
}
