// Connects the children of a container as its pattern and its bindings order them.
import type { ChildOrder } from '../../patterns/pattern.ts';
import { type CompiledFlow, connect } from './graph.ts';

/** First and last node of an item. */
export interface Doors {
  readonly first: number;
  readonly last: number;
}

/** Children without a former one follow `start`, those without a later one lead to `end`. O(children + orders). */
export function joinChildren(
  flow: CompiledFlow,
  doors: readonly Doors[],
  { orders, start, end }: { orders: readonly ChildOrder[]; start: number; end: number },
): void {
  const hasBefore = new Set<number>();
  const hasAfter = new Set<number>();
  const seen = new Set<string>();
  for (const [before, after] of orders) {
    const key = `${before}>${after}`;
    const from = doors[before];
    const to = doors[after];
    if (seen.has(key) || from === undefined || to === undefined) continue;
    seen.add(key);
    connect(flow, from.last, to.first);
    hasAfter.add(before);
    hasBefore.add(after);
  }
  doors.forEach(({ first, last }, index) => {
    if (!hasBefore.has(index)) connect(flow, start, first);
    if (!hasAfter.has(index)) connect(flow, last, end);
  });
  if (doors.length === 0) connect(flow, start, end);
}
