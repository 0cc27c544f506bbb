// A drawn flow as the graph that TaskFlow makes of it: an entrance `f` and an exit `f[$]` for every flow, its retry
// right behind the entrance, its children between. Which order is forced, and what can see what, is read from here.
import type { Drawn, DrawnAtom, DrawnFlow, DrawnLink, Wanted } from './drawing.ts';

export interface DrawnNode {
  readonly index: number;
  /** As TaskFlow names it: `a`, `f`, `f[$]`. */
  readonly name: string;
  readonly atom: DrawnAtom | null;
  /** Number of the flow that it stands in, its own for its entrance, its exit and its retry. */
  readonly flow: number;
  readonly before: number[];
  readonly after: number[];
}
export interface PlacedFlow {
  readonly index: number;
  readonly drawn: DrawnFlow;
  readonly parent: number;
  readonly enter: number;
  readonly exit: number;
  readonly retry: number;
  /** First and last node of every child, in the order in which TaskFlow goes through them. */
  readonly children: readonly { readonly drawn: Drawn; readonly first: number; readonly last: number }[];
}
export interface Guard {
  readonly links: readonly (DrawnLink & { readonly source: number })[];
  readonly first: number;
  readonly last: number;
}
export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly flows: readonly PlacedFlow[];
  /** By the first node of what the links lead to; only where one of them has a decider. */
  readonly guards: ReadonlyMap<number, Guard>;
  /** A graph whose children wait for one another in a circle: nothing can be run, and names are not looked up by place. */
  readonly isCircular: boolean;
}

/** A name that more than one child of a graph gives: TaskFlow refuses to choose, and a binding here cannot be made. */
export class Ambiguous extends Error {}

interface Draft {
  readonly nodes: DrawnNode[];
  readonly flows: PlacedFlow[];
  readonly guards: Map<number, Guard>;
  isCircular: boolean;
}

export function graphOf(flow: DrawnFlow): DrawnGraph {
  const draft: Draft = { nodes: [], flows: [], guards: new Map(), isCircular: false };
  placeFlow(draft, flow, -1);
  return draft;
}

function addNode(draft: Draft, node: Pick<DrawnNode, 'name' | 'atom' | 'flow'>): number {
  const index = draft.nodes.length;
  draft.nodes.push({ index, before: [], after: [], ...node });
  return index;
}

function connect({ nodes }: Draft, before: number, after: number): void {
  if (nodes[before]?.after.includes(after)) return;
  nodes[before]?.after.push(after);
  nodes[after]?.before.push(before);
}

function placeFlow(draft: Draft, drawn: DrawnFlow, parent: number): { first: number; last: number } {
  const index = draft.flows.length;
  const enter = addNode(draft, { name: drawn.name, atom: null, flow: index });
  const retry = drawn.retry === null ? -1 : addNode(draft, { name: drawn.retry.name, atom: drawn.retry, flow: index });
  if (retry >= 0) connect(draft, enter, retry);
  const placed = { index, drawn, parent, enter, retry, exit: -1, children: [] as PlacedFlow['children'] };
  draft.flows.push(placed);
  const spans = drawn.children.map((child) => placeChild(draft, child, index));
  placed.exit = addNode(draft, { name: `${drawn.name}[$]`, atom: null, flow: index });
  const orders = ordersOf(drawn);
  const sorted = sortChildren(drawn.children.length, orders);
  draft.isCircular ||= sorted === null;
  placed.children = (sorted ?? drawn.children.map((_, at) => at)).flatMap((at) => {
    const child = drawn.children[at];
    const span = spans[at];
    return child === undefined || span === undefined ? [] : [{ drawn: child, ...span }];
  });
  joinChildren(draft, { spans, orders, start: retry >= 0 ? retry : enter, end: placed.exit });
  guardChildren(draft, drawn, spans);
  return { first: enter, last: placed.exit };
}

function placeChild(draft: Draft, drawn: Drawn, flow: number): { first: number; last: number } {
  if (drawn.kind === 'flow') return placeFlow(draft, drawn, flow);
  const atom = drawn.kind === 'task' ? drawn : null;
  const index = addNode(draft, { name: drawn.name, atom, flow });
  return { first: index, last: index };
}

interface Joined {
  readonly spans: readonly { first: number; last: number }[];
  readonly orders: readonly (readonly [number, number])[];
  readonly start: number;
  readonly end: number;
}

function joinChildren(draft: Draft, { spans, orders, start, end }: Joined): void {
  const hasBefore = new Set(orders.map(([, after]) => after));
  const hasAfter = new Set(orders.map(([before]) => before));
  for (const [before, after] of orders) connect(draft, spans[before]?.last ?? -1, spans[after]?.first ?? -1);
  spans.forEach(({ first, last }, at) => {
    if (!hasBefore.has(at)) connect(draft, start, first);
    if (!hasAfter.has(at)) connect(draft, last, end);
  });
  if (spans.length === 0) connect(draft, start, end);
}

function guardChildren(draft: Draft, drawn: DrawnFlow, spans: readonly { first: number; last: number }[]): void {
  const at = new Map(drawn.children.map(({ name }, index) => [name, index]));
  drawn.children.forEach(({ name }, index) => {
    const span = spans[index];
    const links = drawn.links
      .filter(({ to }) => to === name)
      .map((link) => ({ ...link, source: spans[at.get(link.from) ?? -1]?.last ?? -1 }));
    if (span !== undefined && links.some(({ decider }) => decider !== null)) draft.guards.set(span.first, { links, ...span });
  });
}

/** Orderings between children, by their numbers. */
export function ordersOf(flow: DrawnFlow): (readonly [number, number])[] {
  const { children } = flow;
  if (flow.pattern === 'linear') return children.slice(1).map((_, at) => [at, at + 1] as const);
  if (flow.pattern === 'unordered') return [];
  const at = new Map(children.map(({ name }, index) => [name, index]));
  const drawn = flow.links.map(({ from, to }) => [at.get(from) ?? -1, at.get(to) ?? -1] as const);
  return flow.resolves ? [...drawn, ...ordersByNames(children)] : drawn;
}

function ordersByNames(children: readonly Drawn[]): (readonly [number, number])[] {
  return children.flatMap((child, after) =>
    [...neededBy(child)].flatMap((symbol) => {
      const givers = children.flatMap((other, before) => (before !== after && givenBy(other).has(symbol) ? [before] : []));
      const [before] = givers;
      if (givers.length > 1) throw new Ambiguous(`${child.name} needs ${symbol}, which more than one of its siblings give`);
      return before === undefined ? [] : [[before, after] as const];
    }),
  );
}

/** Symbols that an item needs from outside itself, as TaskFlow counts them. */
export function neededBy(item: Drawn): Set<string> {
  if (item.kind === 'misplaced') return new Set();
  if (item.kind === 'task') {
    const isNeeded = ({ fallback, symbol }: Wanted) => fallback === undefined && !Object.hasOwn(item.inject, symbol);
    return new Set(item.wants.filter(isNeeded).map(({ symbol }) => symbol));
  }
  const given = new Set(item.retry?.provides.map(({ symbol }) => symbol));
  const needed = new Set(item.retry?.wants.map(({ symbol }) => symbol));
  if (item.pattern === 'graph') for (const child of item.children) for (const symbol of givenBy(child)) given.add(symbol);
  for (const child of item.children) {
    for (const symbol of neededBy(child)) if (!given.has(symbol)) needed.add(symbol);
    if (item.pattern === 'linear') for (const symbol of givenBy(child)) given.add(symbol);
  }
  return needed;
}

function givenBy(item: Drawn): Set<string> {
  if (item.kind === 'misplaced') return new Set();
  const own = item.kind === 'task' ? item.provides : (item.retry?.provides ?? []);
  const given = new Set(own.map(({ symbol }) => symbol));
  if (item.kind === 'flow') for (const child of item.children) for (const symbol of givenBy(child)) given.add(symbol);
  return given;
}

/** Children so that each stands after what it waits for, otherwise as drawn; null when they wait in a circle. */
function sortChildren(count: number, orders: readonly (readonly [number, number])[]): number[] | null {
  const waits = Array.from({ length: count }, () => new Set<number>());
  for (const [before, after] of orders) if (before >= 0) waits[after]?.add(before);
  const sorted: number[] = [];
  const done = new Set<number>();
  for (let found = true; found; ) {
    found = false;
    for (let at = 0; at < count; at += 1) {
      if (done.has(at) || ![...(waits[at] ?? [])].every((before) => done.has(before))) continue;
      done.add(at);
      sorted.push(at);
      found = true;
    }
  }
  return sorted.length === count ? sorted : null;
}

/** Is there only one order of the atoms, for every scheduler? */
export function isSequential(graph: DrawnGraph): boolean {
  const names = graph.nodes.flatMap(({ atom, name }) => (atom === null ? [] : [name]));
  const reach = reachOf(graph);
  return names.every((one, at) => names.slice(at + 1).every((other) => reach(one).has(other) || reach(other).has(one)));
}

/** Names of the atoms that can be reached from an atom along the arrows. */
export function reachOf({ nodes }: DrawnGraph): (from: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (from) => {
    const before = known.get(from);
    if (before !== undefined) return before;
    const seen = new Set<number>();
    const waiting = nodes.filter(({ atom, name }) => atom !== null && name === from).map(({ index }) => index);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const next of nodes[at]?.after ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    const reached = new Set([...seen].flatMap((index) => (nodes[index]?.atom ? [nodes[index]?.name ?? ''] : [])));
    known.set(from, reached);
    return reached;
  };
}
