// TaskFlow looks data up by name; here it is bound. This finds, for every argument of every atom, what TaskFlow's
// scoping would find: what is injected into the task, then the store, then the nearest provider among what certainly
// comes before: earlier siblings, last first, then those of the flow around it, and so on outwards.
import type { Json, JsonObject } from '@windlass/engine/definition';
import { partOf } from './conduct.ts';
import type { DrawnAtom, Provided, Wanted } from './drawing.ts';
import type { DrawnGraph } from './drawn-graph.ts';

export interface Provider {
  readonly from: 'atom';
  readonly atom: DrawnAtom;
  readonly at: string | null;
}
export type Source =
  | { readonly from: 'constant'; readonly value: Json }
  | { readonly from: 'store'; readonly symbol: string }
  | Provider
  /** Given by several atoms, the nearest first; some of them may be ignored. */
  | { readonly from: 'first'; readonly of: readonly Provider[] }
  /** An atom provides it, but in a place from which this atom cannot see it. */
  | { readonly from: 'unseen'; readonly atom: DrawnAtom; readonly at: string | null }
  | { readonly from: 'nowhere' };

export interface Argument extends Wanted {
  readonly source: Source;
}
/** The arguments of every atom, by its node. */
export type Arguments = ReadonlyMap<number, readonly Argument[]>;

export function resolveNames(graph: DrawnGraph, store: { readonly [symbol: string]: Json }): Arguments {
  const found = new Map<number, Argument[]>();
  for (const { index, atom } of graph.nodes) {
    if (atom === null || atom.wants.length === 0) continue;
    found.set(
      index,
      atom.wants.map((wanted) => ({ ...wanted, source: sourceOf(graph, store, { index, atom, symbol: wanted.symbol }) })),
    );
  }
  return found;
}

/** The input of a task that an argument is bound to: apply and revert may give one name to different values. */
export function inputOf({ argument, call }: Wanted): string {
  return call === 'apply' ? argument : `revert ${argument}`;
}

/** The arguments of one call by their own names, from the inputs of the task. `absent` are required ones that have no value. */
export function argumentsFrom(
  inputs: JsonObject,
  call: Wanted['call'],
  wants: readonly Wanted[],
): { readonly given: JsonObject; readonly absent: readonly string[] } {
  const own = wants.filter((want) => want.call === call);
  const present = own.filter((want) => want.fallback !== undefined || inputs[inputOf(want)] !== undefined);
  return {
    given: Object.fromEntries(present.map((want) => [want.argument, inputs[inputOf(want)] ?? want.fallback ?? null])),
    absent: own.filter((want) => !present.includes(want)).map(({ argument }) => argument),
  };
}

/**
 * The values of an atom's inputs, given what the others have returned; `absent` are those that apply requires and
 * that have none. What is optional falls back.
 */
export function valuesOf(
  args: readonly Argument[],
  given: { readonly store: { readonly [symbol: string]: Json }; readonly resultOf: (atom: string) => Json | undefined },
): { readonly values: JsonObject; readonly absent: readonly string[] } {
  const values: JsonObject = {};
  const absent: string[] = [];
  for (const argument of args) {
    const value = valueAt(argument.source, given) ?? argument.fallback;
    if (value !== undefined) values[inputOf(argument)] = value;
    else if (argument.call === 'apply') absent.push(argument.argument);
  }
  return { values, absent };
}

function valueAt(source: Source, given: Parameters<typeof valuesOf>[1]): Json | undefined {
  switch (source.from) {
    case 'constant':
      return source.value;
    case 'store':
      return given.store[source.symbol];
    case 'atom':
      return partOf(given.resultOf(source.atom.name), source.at);
    case 'first':
      for (const provider of source.of) {
        const value = valueAt(provider, given);
        if (value !== undefined) return value;
      }
      return undefined;
    case 'unseen':
    case 'nowhere':
      return undefined;
  }
}

interface Asking {
  readonly index: number;
  readonly atom: DrawnAtom;
  readonly symbol: string;
}

function sourceOf(graph: DrawnGraph, store: { readonly [symbol: string]: Json }, asking: Asking): Source {
  const { atom, symbol } = asking;
  const injected = atom.kind === 'task' ? atom.inject[symbol] : undefined;
  if (injected !== undefined) return { from: 'constant', value: injected };
  if (Object.hasOwn(store, symbol)) return { from: 'store', symbol };
  const providers = providersOf(graph, asking);
  const [nearest] = providers;
  if (nearest === undefined) return unseen(graph, asking);
  // Without a condition no atom is ignored: the nearest provider has always given its value.
  return providers.length > 1 && graph.guards.size > 0 ? { from: 'first', of: providers } : nearest;
}

/** Every provider of the symbol that the atom can see, the nearest first. */
function providersOf(graph: DrawnGraph, { index, symbol }: Asking): Provider[] {
  return levelsOf(graph, index)
    .flat()
    .flatMap((before): Provider[] => {
      const giver = graph.nodes[before]?.atom;
      const given = giver?.provides.find((one) => one.symbol === symbol);
      return giver && given !== undefined ? [{ from: 'atom', atom: giver, at: given.at }] : [];
    });
}

/** In a linear or unordered flow the engine itself is to find that the provider cannot be seen; a graph would order them. */
function unseen(graph: DrawnGraph, { index, symbol }: Asking): Source {
  const own = graph.nodes[index];
  for (const node of graph.nodes) {
    const given: Provided | undefined = node.atom?.provides.find((one) => one.symbol === symbol);
    if (node.atom === null || node.index === index || given === undefined || own === undefined) continue;
    const common = nearestCommon(graph, own.flow, node.flow);
    const isCircle = graph.isCircular && graph.flows[common]?.drawn.resolves;
    if (graph.flows[common]?.drawn.pattern !== 'graph' || isCircle) return { from: 'unseen', atom: node.atom, at: given.at };
  }
  return { from: 'nowhere' };
}

function nearestCommon({ flows }: DrawnGraph, one: number, other: number): number {
  const around = new Set<number>();
  for (let at = one; at >= 0; at = flows[at]?.parent ?? -1) around.add(at);
  let at = other;
  while (at >= 0 && !around.has(at)) at = flows[at]?.parent ?? -1;
  return at;
}

/** The nodes that an atom can see, nearest level first, within a level the latest first. */
function levelsOf(graph: DrawnGraph, index: number): number[][] {
  const { flows } = graph;
  const before = comesBefore(graph, index);
  const own = graph.nodes[index];
  const levels: number[][] = [];
  let inside = index;
  for (let at = own?.flow ?? -1; at >= 0; at = flows[at]?.parent ?? -1) {
    const flow = flows[at];
    if (flow === undefined) break;
    const place = flow.children.findIndex(({ first, last }) => first <= inside && inside <= last);
    const earlier = place < 0 ? [] : flow.children.slice(0, place).reverse();
    const level = earlier.flatMap(({ first, last }) => downFrom(last, first));
    if (flow.retry >= 0 && flow.retry !== index) level.push(flow.retry);
    levels.push(level.filter((one) => before.has(one)));
    inside = flow.enter;
  }
  return levels;
}

/** The nodes of a child are numbered together, from its first to its last. */
function downFrom(last: number, first: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => last - at);
}

function comesBefore({ nodes }: DrawnGraph, index: number): Set<number> {
  const seen = new Set<number>();
  const waiting = [index];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const before of nodes[at]?.before ?? []) {
      if (seen.has(before)) continue;
      seen.add(before);
      waiting.push(before);
    }
  }
  return seen;
}
