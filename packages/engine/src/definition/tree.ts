// Walking a definition: where an item stands, and which orderings the bindings add (SEMANTICS S1, P3).
import { patternOf } from '../patterns/index.ts';
import type { ChildOrder } from '../patterns/pattern.ts';
import { parseExpression } from './expression.ts';
import type { Binding, FlowDefinition, FlowItem, Item, TaskItem } from './schema.ts';

/** An item and the containers around it, outermost first. */
export interface Placed<I extends Item = Item> {
  readonly item: I;
  readonly within: readonly FlowItem[];
}

/** Every item of the definition in definition order, the root first. */
export function placedItems(definition: FlowDefinition): Placed[] {
  const placed: Placed[] = [];
  const visit = (item: Item, within: readonly FlowItem[]): void => {
    placed.push({ item, within });
    if (item.kind !== 'flow') return;
    const inside = [...within, item];
    for (const child of item.items) visit(child, inside);
  };
  visit(definition.root, []);
  return placed;
}

/** The items whose outputs a binding uses. An expression that does not parse uses none; validation says so. */
export function itemsUsedBy(binding: Binding): readonly string[] {
  if (binding.from === 'output') return [binding.item];
  if (binding.from !== 'expression') return [];
  try {
    return [...new Set(parseExpression(binding.cel).references.outputs.map(({ item }) => item))];
  } catch {
    return [];
  }
}

/** How a task stands to an item whose output it uses. */
export type Relation =
  | { readonly kind: 'before' }
  | { readonly kind: 'orders'; readonly container: FlowItem; readonly order: ChildOrder }
  | { readonly kind: 'notBefore'; readonly container: FlowItem; readonly from: Item; readonly to: Item }
  | { readonly kind: 'around' };

/** Relates the used item to its user, by the container that holds both. */
export function relate(used: Placed, user: Placed<TaskItem>): Relation {
  const usedPath: readonly Item[] = [...used.within, used.item];
  const userPath: readonly Item[] = [...user.within, user.item];
  let depth = 0;
  while (usedPath[depth] !== undefined && usedPath[depth] === userPath[depth]) depth += 1;
  const container = userPath[depth - 1];
  const from = usedPath[depth];
  const to = userPath[depth];
  if (container?.kind !== 'flow' || from === undefined || to === undefined) return { kind: 'around' };
  const before = container.items.indexOf(from);
  const after = container.items.indexOf(to);
  switch (patternOf(container).siblingOutputs) {
    case 'earlier':
      return before < after ? { kind: 'before' } : { kind: 'notBefore', container, from, to };
    case 'orders':
      return { kind: 'orders', container, order: [before, after] };
    case 'none':
      return { kind: 'notBefore', container, from, to };
  }
}

/** The orderings of each container's children: what its pattern says, and what bindings add. */
export function orderingsOf(definition: FlowDefinition): Map<FlowItem, ChildOrder[]> {
  const placed = placedItems(definition);
  const byId = new Map(placed.map((one) => [one.item.id, one]));
  const orderings = new Map<FlowItem, ChildOrder[]>();
  for (const { item } of placed) if (item.kind === 'flow') orderings.set(item, [...patternOf(item).order(item)]);
  for (const { item, within } of placed) {
    if (item.kind !== 'task') continue;
    for (const binding of Object.values(item.bindings)) {
      for (const id of itemsUsedBy(binding)) {
        const used = byId.get(id);
        const relation = used && relate(used, { item, within });
        if (relation?.kind === 'orders') orderings.get(relation.container)?.push(relation.order);
      }
    }
  }
  return orderings;
}
