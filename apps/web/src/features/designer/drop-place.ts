// Where something lands: the innermost container under a point, and the place among its children.
import { type FlowDefinition, type FlowItem, placedItems } from '@windlass/engine';
import { layoutFlow } from '../../lib/flow-layout.ts';
import type { Place } from './edits.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The place at a point of the canvas. `without` is the item that is being moved: it is not a target itself. */
export function placeAt(definition: FlowDefinition, point: Point, without?: string): Place {
  const { nodes } = layoutFlow(definition);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const corner = (id: string): Point => {
    const node = byId.get(id);
    if (node === undefined) return { x: 0, y: 0 };
    const base = node.parent === null ? { x: 0, y: 0 } : corner(node.parent);
    return { x: base.x + node.x, y: base.y + node.y };
  };
  const placed = placedItems(definition);
  const inside = placed.filter(({ item, within }) => {
    if (item.kind === 'task' || item.id === without || within.some(({ id }) => id === without)) return false;
    const node = byId.get(item.id);
    const { x, y } = corner(item.id);
    return node !== undefined && point.x >= x && point.x <= x + node.width && point.y >= y && point.y <= y + node.height;
  });
  const innermost = inside.reduce((best, one) => (one.within.length > best.within.length ? one : best), inside[0] ?? { item: definition.root, within: [] });
  const container = innermost.item as FlowItem;
  const origin = corner(container.id);
  const position = { x: point.x - origin.x, y: point.y - origin.y };
  if (container.pattern === 'graph') return { container: container.id, position };
  const before = container.items.filter(({ id }) => {
    const node = byId.get(id);
    if (node === undefined || id === without) return id !== without;
    // Linear boxes go from left to right, unordered ones from top to bottom.
    return container.pattern === 'linear' ? node.x + node.width / 2 < position.x : node.y + node.height / 2 < position.y;
  });
  const last = before.at(-1);
  return { container: container.id, index: last === undefined ? 0 : container.items.indexOf(last) + 1 };
}
