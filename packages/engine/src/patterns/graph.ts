import type { ChildOrder, Pattern } from './pattern.ts';

/** P3: ordered by links and by bindings; a nested container counts as one item. A link that goes back orders nothing. */
export const graph: Pattern = {
  name: 'graph',
  title: 'Graph',
  summary: 'Its items in the order of the links; items without a link between them run side by side.',
  hasLinks: true,
  siblingOutputs: 'orders',
  order({ items, links }) {
    const at = new Map(items.map((item, index) => [item.id, index]));
    const orders: ChildOrder[] = [];
    for (const { from, to, again } of links) {
      const before = at.get(from);
      const after = at.get(to);
      if (again === undefined && before !== undefined && after !== undefined) orders.push([before, after]);
    }
    return orders;
  },
};
