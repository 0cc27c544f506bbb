// Links of a graph: drawing one, finding one, and telling whether it would make a circle. Pure.
import { type FlowDefinition, type FlowItem, type FlowLink, orderingsOf, placedItems } from '@windlass/engine/definition';
import { updateFlow } from './edits.ts';

/** Largest number of rounds of a new loop. */
const FIRST_LIMIT = 10;

/** What drawing a link between two items does. */
export type Connection =
  | { readonly kind: 'linked'; readonly link: string; readonly definition: FlowDefinition }
  /** The link would make a circle; `definition` has it as a link that goes back, which makes a loop. */
  | { readonly kind: 'circle'; readonly from: string; readonly to: string; readonly link: string; readonly definition: FlowDefinition }
  | { readonly kind: 'refused'; readonly why: string };

/** The kind of a link: its target begins after the source succeeded, after it failed, or in another round. */
export const LINK_WAYS = ['on', 'failure', 'back'] as const;
export type Way = (typeof LINK_WAYS)[number];

export interface Ends {
  readonly from: string;
  readonly to: string;
  readonly way?: Exclude<Way, 'back'>;
}

/** Links two items; if they are in different containers, links their ancestors in the nearest common container. */
export function connect(definition: FlowDefinition, { from, to, way = 'on' }: Ends): Connection {
  const placed = new Map(placedItems(definition).map((one) => [one.item.id, one]));
  const source = placed.get(from);
  const target = placed.get(to);
  if (source === undefined || target === undefined) return { kind: 'refused', why: 'One end of the link does not exist any more.' };
  const sourcePath = [...source.within, source.item];
  const targetPath = [...target.within, target.item];
  let depth = 0;
  while (sourcePath[depth] !== undefined && sourcePath[depth] === targetPath[depth]) depth += 1;
  const container = sourcePath[depth - 1];
  const first = sourcePath[depth];
  const second = targetPath[depth];
  if (container?.kind !== 'flow' || first === undefined || second === undefined)
    return { kind: 'refused', why: 'An item cannot come before itself.' };
  if (container.pattern === 'unordered')
    return { kind: 'refused', why: `“${container.name}” is unordered: its items run side by side. Make it a graph to order them.` };
  if (container.pattern !== 'graph') {
    const what = container.pattern === 'linear' ? 'linear' : container.pattern === 'loop' ? 'a loop' : 'a for-each';
    return {
      kind: 'refused',
      why: `“${container.name}” is ${what}: its items run in the order shown. Drag a task to its place in that order.`,
    };
  }
  if (container.links.some((link) => link.from === first.id && link.to === second.id && wayOf(link) === way))
    return { kind: 'refused', why: 'This link exists already.' };
  const plain: FlowLink = { id: newLinkId(definition, first.id, second.id), from: first.id, to: second.id };
  const link = withWay(plain, way);
  const withLink = (one: FlowLink): FlowDefinition =>
    updateFlow(definition, container.id, (flow) => ({ ...flow, links: [...flow.links, one] }));
  const isCircle = comesBefore(definition, container, second.id, first.id);
  if (isCircle && way === 'failure')
    return { kind: 'refused', why: `“${second.name}” comes before “${first.name}”, and a link on failure never goes back.` };
  if (isCircle)
    return {
      kind: 'circle',
      from: first.name,
      to: second.name,
      link: link.id,
      definition: withLink({ ...link, again: { limit: FIRST_LIMIT } }),
    };
  return { kind: 'linked', link: link.id, definition: withLink(link) };
}

/** Does one child of the container come before the other, by links or bindings? */
function comesBefore(definition: FlowDefinition, container: FlowItem, first: string, second: string): boolean {
  const orders = orderingsOf(definition).get(container) ?? [];
  const goal = container.items.findIndex(({ id }) => id === second);
  const start = container.items.findIndex(({ id }) => id === first);
  const after = new Map<number, number[]>();
  for (const [from, to] of orders) after.set(from, [...(after.get(from) ?? []), to]);
  const seen = new Set([start]);
  const waiting = [start];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (index === goal) return true;
    for (const next of after.get(index) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return false;
}

/** A link and the container that it is drawn in. */
export interface PlacedLink {
  readonly link: FlowLink;
  readonly container: FlowItem;
}

export function linkOf(definition: FlowDefinition, id: string): PlacedLink | undefined {
  for (const { item } of placedItems(definition)) {
    const link = item.kind === 'flow' ? item.links.find((one) => one.id === id) : undefined;
    if (link !== undefined && item.kind === 'flow') return { link, container: item };
  }
  return undefined;
}

/** Applies `change` to the link of that id. */
export function updateLink(definition: FlowDefinition, id: string, change: (link: FlowLink) => FlowLink): FlowDefinition {
  const found = linkOf(definition, id);
  if (found === undefined) return definition;
  return updateFlow(definition, found.container.id, (flow) => ({
    ...flow,
    links: flow.links.map((link) => (link.id === id ? change(link) : link)),
  }));
}

export function wayOf({ again, onFailure }: FlowLink): Way {
  return again !== undefined ? 'back' : onFailure ? 'failure' : 'on';
}

/** The link with another kind; it keeps its condition, and its depth if that kind has one. */
export function withWay({ again: _again, onFailure: _onFailure, depth, ...link }: FlowLink, way: Way): FlowLink {
  switch (way) {
    case 'on':
      return { ...link, ...(depth === undefined ? {} : { depth }) };
    case 'failure':
      return { ...link, onFailure: true };
    case 'back':
      return { ...link, again: { limit: FIRST_LIMIT } };
  }
}

function newLinkId(definition: FlowDefinition, from: string, to: string): string {
  const taken = new Set(placedItems(definition).flatMap(({ item }) => (item.kind === 'flow' ? item.links.map(({ id }) => id) : [])));
  const base = `${from}_to_${to}`.slice(0, 58);
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}_${count}`;
  return id;
}
