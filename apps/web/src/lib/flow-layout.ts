// The position of every item of a definition on a canvas. Pure: the same definition gives the same boxes.
// 1. The root is the canvas itself: its children have no parent. Every other container is a box with a head.
// 2. Order goes to the right, or down: linear follows it, unordered stands across it (a grid when there are many),
//    a graph is layered along it by what comes before what, links and bindings alike.
// 3. In a graph, stored positions are used if every child has one.
// 4. Places are relative to the parent's top left corner, its head and inset included.
import { graphlib, layout as layered } from '@dagrejs/dagre';
import { type ChildOrder, type FlowDefinition, type FlowItem, type Item, orderingsOf } from '@windlass/engine/definition';

export const TASK_SIZE = { width: 216, height: 56 } as const;
export const INSET = 16;
export const HEAD = 28;
export const GAP = { x: 48, y: 24, down: 36, label: 216 } as const;
const EMPTY_SIZE = { width: TASK_SIZE.width + 2 * INSET, height: HEAD + 2 * INSET + TASK_SIZE.height } as const;
/** More children than this are placed in a grid instead of one column. */
const MOST_IN_COLUMN = 5;
const MOST_IN_ROW = 3;

/** A box; `x` and `y` are relative to the parent. */
export interface LaidNode {
  readonly id: string;
  readonly kind: 'task' | 'flow';
  readonly parent: string | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line. Its id is the link's own, or begins with `order:` (linear) or `data:` (a binding orders the two). */
export interface LaidEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Boxes, parents before their children, and the lines between them. */
export interface FlowLayout {
  readonly nodes: readonly LaidNode[];
  readonly edges: readonly LaidEdge[];
}

/** The direction of order: to the right above a timeline, down if there is height. */
export type Direction = 'right' | 'down';

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Place {
  readonly x: number;
  readonly y: number;
}
interface Inside extends Size {
  readonly places: readonly Place[];
  readonly sizes: readonly Size[];
}

/** Lays out a whole definition. */
export function layoutFlow(definition: FlowDefinition, direction: Direction = 'right'): FlowLayout {
  const orderings = orderingsOf(definition);
  const insides = new Map<FlowItem, Inside>();
  const nodes: LaidNode[] = [];
  const edges: LaidEdge[] = [];

  const sizeOf = (item: Item): Size => {
    if (item.kind !== 'flow') return TASK_SIZE;
    const inside = measure(item);
    if (item.items.length === 0) return EMPTY_SIZE;
    if (isDrawn(item)) return { width: inside.width + INSET, height: inside.height + INSET };
    return { width: inside.width + 2 * INSET, height: HEAD + inside.height + 2 * INSET };
  };
  const measure = (container: FlowItem): Inside => {
    const known = insides.get(container);
    if (known !== undefined) return known;
    const sizes = container.items.map(sizeOf);
    const inside = { ...arrange(container, { sizes, order: orderings.get(container) ?? [], direction }), sizes };
    insides.set(container, inside);
    return inside;
  };
  const put = (container: FlowItem, parent: string | null): void => {
    const { places, sizes } = measure(container);
    const drawn = isDrawn(container) || parent === null;
    container.items.forEach((item, index) => {
      const { x, y } = places[index] ?? { x: 0, y: 0 };
      const size = sizes[index] ?? TASK_SIZE;
      nodes.push({
        id: item.id,
        kind: item.kind === 'flow' ? 'flow' : 'task',
        parent,
        x: drawn ? x : x + INSET,
        y: drawn ? y : y + HEAD + INSET,
        ...size,
      });
      if (item.kind === 'flow') put(item, item.id);
    });
    edges.push(...edgesOf(container, orderings.get(container) ?? []));
  };
  put(definition.root, null);
  return { nodes, edges };
}

function isDrawn({ pattern, items }: FlowItem): boolean {
  return pattern === 'graph' && items.length > 0 && items.every(({ position }) => position !== undefined);
}

interface Arranging {
  readonly sizes: readonly Size[];
  readonly order: readonly ChildOrder[];
  readonly direction: Direction;
}

function arrange(container: FlowItem, { sizes, order, direction }: Arranging): Size & { places: readonly Place[] } {
  if (sizes.length === 0) return { width: 0, height: 0, places: [] };
  if (isDrawn(container))
    return within(
      container.items.map(({ position }) => position ?? { x: 0, y: 0 }),
      sizes,
    );
  switch (container.pattern) {
    case 'for_each':
    case 'loop':
    case 'linear':
      return direction === 'right' ? row(sizes) : column(sizes);
    case 'unordered':
      return grid(sizes, direction);
    case 'graph':
      return layers(sizes, { order, direction, isWide: container.links.some(({ decider }) => decider !== undefined) });
  }
}

function row(sizes: readonly Size[]): Size & { places: readonly Place[] } {
  const height = tallest(sizes);
  let x = 0;
  const places = sizes.map((size) => {
    const place = { x, y: (height - size.height) / 2 };
    x += size.width + GAP.x;
    return place;
  });
  return { width: x - GAP.x, height, places };
}

function column(sizes: readonly Size[]): Size & { places: readonly Place[] } {
  const width = widest(sizes);
  let y = 0;
  const places = sizes.map((size) => {
    const place = { x: (width - size.width) / 2, y };
    y += size.height + GAP.down;
    return place;
  });
  return { width, height: y - GAP.down, places };
}

function grid(sizes: readonly Size[], direction: Direction): Size & { places: readonly Place[] } {
  const few = direction === 'right' ? 1 : Math.min(sizes.length, MOST_IN_ROW);
  const columns = sizes.length <= MOST_IN_COLUMN ? few : Math.max(2, Math.ceil(Math.sqrt(sizes.length / 4)));
  const widths = Array.from({ length: columns }, (_, column) => widest(sizes.filter((__, index) => index % columns === column)));
  const places: Place[] = [];
  let y = 0;
  for (let start = 0; start < sizes.length; start += columns) {
    const line = sizes.slice(start, start + columns);
    let x = 0;
    line.forEach((_, column) => {
      places.push({ x, y });
      x += (widths[column] ?? 0) + GAP.x;
    });
    y += tallest(line) + GAP.y;
  }
  return within(places, sizes);
}

interface Layering extends Pick<Arranging, 'order' | 'direction'> {
  /** Conditions stand on its lines. */
  readonly isWide: boolean;
}

function layers(sizes: readonly Size[], { order, direction, isWide }: Layering): Size & { places: readonly Place[] } {
  const graph = new graphlib.Graph({ multigraph: false });
  const along = direction === 'right' ? { rankdir: 'LR', ranksep: isWide ? GAP.label : GAP.x } : { rankdir: 'TB', ranksep: GAP.down };
  graph.setGraph({ ...along, nodesep: GAP.y, edgesep: GAP.y / 2, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  sizes.forEach(({ width, height }, index) => graph.setNode(String(index), { width, height }));
  for (const [before, after] of order) if (before !== after) graph.setEdge(String(before), String(after));
  layered(graph);
  const centred = sizes.map(({ width, height }, index) => {
    const { x = 0, y = 0 } = graph.node(String(index));
    return { x: x - width / 2, y: y - height / 2 };
  });
  const left = Math.min(...centred.map(({ x }) => x));
  const top = Math.min(...centred.map(({ y }) => y));
  return within(
    centred.map(({ x, y }) => ({ x: x - left, y: y - top })),
    sizes,
  );
}

function within(places: readonly Place[], sizes: readonly Size[]): Size & { places: readonly Place[] } {
  let width = 0;
  let height = 0;
  places.forEach(({ x, y }, index) => {
    const size = sizes[index] ?? TASK_SIZE;
    width = Math.max(width, x + size.width);
    height = Math.max(height, y + size.height);
  });
  return { width, height, places };
}

function edgesOf({ pattern, items, links }: FlowItem, order: readonly ChildOrder[]): LaidEdge[] {
  const edges: LaidEdge[] = [];
  const seen = new Set<string>();
  const add = (key: string, edge: LaidEdge): void => {
    if (seen.has(key)) return;
    seen.add(key);
    edges.push(edge);
  };
  const here = new Set(items.map(({ id }) => id));
  for (const { id, from, to, onFailure } of pattern === 'graph' ? links : []) {
    // A link on failure is a line of its own beside an ordinary link.
    if (here.has(from) && here.has(to)) add(`${from}>${to}${onFailure ? ' on failure' : ''}`, { id, from, to });
  }
  for (const { from, to } of edges) seen.add(`${from}>${to}`);
  const kind = pattern === 'graph' || pattern === 'unordered' ? 'data' : 'order';
  for (const [before, after] of order) {
    const from = items[before]?.id;
    const to = items[after]?.id;
    if (from !== undefined && to !== undefined) add(`${from}>${to}`, { id: `${kind}:${from}>${to}`, from, to });
  }
  return edges;
}

function tallest(sizes: readonly Size[]): number {
  return sizes.reduce((most, { height }) => Math.max(most, height), 0);
}

function widest(sizes: readonly Size[]): number {
  return sizes.reduce((most, { width }) => Math.max(most, width), 0);
}
