// The place at which an item is dropped: the innermost container under a point, and the position among its children.
import { type FlowDefinition, type FlowItem, type Item, type Placed, placedItems } from '@windlass/engine/definition';
import { GAP, INSET, layoutFlow } from '../../../lib/flow-layout.ts';
import { type Place, updateFlow, updateItem } from '../draft/edits.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Stores the present position of every child of a graph, so that moving one child does not move the others. */
export function pinPositions(definition: FlowDefinition, container: string): FlowDefinition {
  const places = new Map(layoutFlow(definition, 'down').nodes.map(({ id, x, y }) => [id, { x: Math.round(x), y: Math.round(y) }]));
  return updateFlow(definition, container, (flow) => {
    if (flow.pattern !== 'graph' || flow.items.every(({ position }) => position !== undefined)) return flow;
    return { ...flow, items: flow.items.map((item) => ({ ...item, position: places.get(item.id) ?? { x: 0, y: 0 } })) };
  });
}

/** Removes stored positions, so that the layout places every item by its order. */
export function tidy(definition: FlowDefinition): FlowDefinition {
  return placedItems(definition).reduce(
    (now, { item }) => (item.position === undefined ? now : updateItem(now, item.id, ({ position: _old, ...rest }) => rest as Item)),
    definition,
  );
}

/** The place at a point of the canvas. `without` is the item that is being moved: it is not a target itself. */
export function placeAt(definition: FlowDefinition, point: Point, without?: string): Place {
  const { nodes } = layoutFlow(definition, 'down');
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const corner = (id: string): Point => {
    const node = byId.get(id);
    if (node === undefined) return { x: 0, y: 0 };
    const base = node.parent === null ? { x: 0, y: 0 } : corner(node.parent);
    return { x: base.x + node.x, y: base.y + node.y };
  };
  const placed = placedItems(definition);
  const inside = placed.filter(({ item, within }) => {
    if (item.kind !== 'flow' || item.id === without || within.some(({ id }) => id === without)) return false;
    const node = byId.get(item.id);
    const { x, y } = corner(item.id);
    return node !== undefined && point.x >= x && point.x <= x + node.width && point.y >= y && point.y <= y + node.height;
  });
  const innermost = inside.reduce<Pick<Placed, 'item' | 'within'>>(
    (best, one) => (one.within.length > best.within.length ? one : best),
    inside[0] ?? { item: definition.root, within: [] },
  );
  const container = innermost.item as FlowItem;
  const origin = corner(container.id);
  const position = { x: point.x - origin.x, y: point.y - origin.y };
  if (container.pattern === 'graph') return { container: container.id, position };
  const before = container.items.filter(({ id }) => {
    const node = byId.get(id);
    if (node === undefined || id === without) return id !== without;
    // Boxes in order go downwards; unordered boxes are in rows.
    const above = node.y + node.height < position.y;
    const beside = node.y <= position.y && node.x + node.width / 2 < position.x;
    return container.pattern !== 'unordered' ? node.y + node.height / 2 < position.y : above || beside;
  });
  const last = before.at(-1);
  return { container: container.id, index: last === undefined ? 0 : container.items.indexOf(last) + 1 };
}

/** The place after all items of a container: the last position, and in a graph below the other items. */
export function placeAtEnd(definition: FlowDefinition, container: string): Place {
  const inside = layoutFlow(definition, 'down').nodes.filter(({ parent }) => (parent ?? definition.root.id) === container);
  const bottom = inside.reduce((lowest, { y, height }) => Math.max(lowest, y + height), 0);
  return { container, position: { x: inside[0]?.x ?? INSET, y: bottom + GAP.down } };
}
