// Reduces a definition to one item and the items that it needs (P10).
import { EngineError } from '../errors.ts';
import type { FlowDefinition, FlowItem, Item } from './schema.ts';
import { orderingsOf, placedItems } from './tree.ts';

/**
 * The definition with only the target and the items that it needs by order, link or binding. The containers around the
 * target stay; a for-each or loop stays whole, with the items before it. Throws DEFINITION_INVALID for an unknown item.
 */
export function targeted(definition: FlowDefinition, target: string): FlowDefinition {
  const found = placedItems(definition).find(({ item }) => item.id === target);
  if (found === undefined) throw new EngineError('DEFINITION_INVALID', `This flow has no item "${target}" to run on its own.`);
  const orderings = orderingsOf(definition);
  const path = new Set<Item>([...found.within, found.item]);
  const prune = (container: FlowItem): FlowItem => {
    const wanted = container.items.findIndex((item) => path.has(item));
    if (wanted < 0 || container.pattern === 'for_each' || container.pattern === 'loop') return container;
    const kept = new Set([wanted]);
    const orders = orderings.get(container) ?? [];
    for (let size = 0; size !== kept.size; ) {
      size = kept.size;
      for (const [before, after] of orders) if (kept.has(after)) kept.add(before);
    }
    const items = container.items.flatMap((item, index) => {
      if (!kept.has(index)) return [];
      return [index === wanted && item.kind === 'flow' ? prune(item) : item];
    });
    const ids = new Set(items.map(({ id }) => id));
    const links = container.links.filter(({ from, to }) => ids.has(from) && ids.has(to));
    return { ...container, items, links };
  };
  return { ...definition, root: prune(definition.root), outputs: {} };
}
