// Connects the children of a container in the order of its pattern and bindings.
import type { ChildOrder } from '../../patterns/pattern.ts';
import { type CompiledFlow, connect } from './graph.ts';

/** First and last node of an item. */
export interface Ends {
  readonly first: number;
  readonly last: number;
}

/** Connects `start` to children without a predecessor, and children without a successor to `end`. O(children + orders). */
export function joinChildren(
  flow: CompiledFlow,
  ends: readonly Ends[],
  { orders, start, end }: { orders: readonly ChildOrder[]; start: number; end: number },
): void {
  const hasBefore = new Set<number>();
  const hasAfter = new Set<number>();
  const seen = new Set<string>();
  for (const [before, after] of orders) {
    const key = `${before}>${after}`;
    const from = ends[before];
    const to = ends[after];
    if (seen.has(key) || from === undefined || to === undefined) continue;
    seen.add(key);
    connect(flow, from.last, to.first);
    hasAfter.add(before);
    hasBefore.add(after);
  }
  ends.forEach(({ first, last }, index) => {
    if (!hasBefore.has(index)) connect(flow, start, first);
    if (!hasAfter.has(index)) connect(flow, last, end);
  });
  if (ends.length === 0) connect(flow, start, end);
}
