// Connects the children of a container in the order of its pattern and bindings.
import type { ChildOrder } from '../../patterns/pattern.ts';
import { type Slices, endsSlice } from '../../slices.ts';
import { type CompiledFlow, connect } from './graph.ts';
import { type ChildIndex, type ListBy, type NodeIndex, childIndex } from './index-spaces.ts';

/** First and last node of an item. */
export interface Ends {
  readonly first: NodeIndex;
  readonly last: NodeIndex;
}

/** Connects `start` to children without a predecessor, and children without a successor to `end`. O(children + orders). */
export function* joinChildren(
  flow: CompiledFlow,
  ends: ListBy<ChildIndex, Ends>,
  { orders, start, end }: { orders: readonly ChildOrder[]; start: NodeIndex; end: NodeIndex },
): Slices<void> {
  const hasBefore = new Set<ChildIndex>();
  const hasAfter = new Set<ChildIndex>();
  const seen = new Set<number>();
  for (const [index, [one, other]] of orders.entries()) {
    if (endsSlice(index)) yield;
    const before = childIndex(one);
    const after = childIndex(other);
    const key = before * ends.length + after;
    const from = ends[before];
    const to = ends[after];
    if (seen.has(key) || from === undefined || to === undefined) continue;
    seen.add(key);
    connect(flow, from.last, to.first);
    hasAfter.add(before);
    hasBefore.add(after);
  }
  let position = 0;
  for (const { first, last } of ends) {
    const child = childIndex(position);
    if (!hasBefore.has(child)) connect(flow, start, first);
    if (!hasAfter.has(child)) connect(flow, last, end);
    if (endsSlice(position)) yield;
    position += 1;
  }
  if (ends.length === 0) connect(flow, start, end);
}
