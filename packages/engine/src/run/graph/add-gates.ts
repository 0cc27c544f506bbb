// How the compiler adds the gates of a graph: the controls that ask the links which lead to an item.
import { type FlowItem, type FlowLink, type Item, needsOne } from '../../definition/schema.ts';
import type { ChildOrder } from '../../patterns/pattern.ts';
import { type Slices, endsSlice } from '../../slices.ts';
import { type Place, addAtom, orderOf } from './add-atom.ts';
import { CONTROL_TYPE, controlItem } from './controls.ts';
import { parsed } from './definition-plan.ts';
import { type CompiledFlow, type GuardLink, NO_PARTS, connect } from './graph.ts';
import { type ChildIndex, type ListBy, childIndex, listBy, lookUp } from './index-spaces.ts';
import type { Ends } from './join-children.ts';

/** The children of a graph as compiled, and the orderings between them. */
interface Children {
  readonly ends: ListBy<ChildIndex, Ends>;
  readonly orders: readonly ChildOrder[];
  readonly place: Place;
}

/**
 * Adds a gate before every item that needs only one satisfied link, or has a decider or a link on failure among its links
 * (P4, P11). O(children + links + orders).
 */
export function* addGates(flow: CompiledFlow, item: FlowItem, { ends, orders, place }: Children): Slices<ListBy<ChildIndex, Ends>> {
  if (!item.links.some(isAsked) && !item.items.some(needsOne)) return ends;
  const incoming = yield* linksInto(item, ends);
  const before = yield* childrenBefore(orders);
  const guarded = listBy<ChildIndex, Ends>([]);
  for (const [index, child] of item.items.entries()) {
    if (endsSlice(index)) yield;
    const at = childIndex(index);
    const own = lookUp(ends, at) as Ends;
    const links = incoming.get(at) ?? [];
    const any = child.join === 'any' && links.length > 0;
    const one = needsOne(child) && links.length > 0;
    if (!one && !links.some(({ decider, onFailure }) => decider !== null || onFailure)) {
      guarded.push(own);
      continue;
    }
    const linked = new Set(links.map(({ source }) => source));
    const needs = (before.get(at) ?? []).flatMap((source) => {
      const last = lookUp(ends, source)?.last;
      return last === undefined || linked.has(last) ? [] : [last];
    });
    const address = `${place.scope.prefix}${child.id}.gate`;
    const { node } = addAtom(flow, {
      address,
      item: controlItem('gate', address, `Before ${child.name}`),
      type: CONTROL_TYPE,
      place,
      order: orderOf(place.scope, child.id),
      parts: { ...NO_PARTS, kind: 'gate', guard: { any, needsOne: one, links, needs, child: at, ...own } },
    });
    connect(flow, node, own.first);
    guarded.push({ first: node, last: own.last });
  }
  return guarded;
}

/** Does the link need a gate before its target? */
function isAsked({ decider, onFailure }: FlowLink): boolean {
  return decider !== undefined || onFailure === true;
}

/** The links that lead to each child, in definition order. */
function* linksInto({ items, links }: FlowItem, ends: ListBy<ChildIndex, Ends>): Slices<Map<ChildIndex, GuardLink[]>> {
  const at = new Map(items.map((child: Item, index) => [child.id, childIndex(index)]));
  const incoming = new Map<ChildIndex, GuardLink[]>();
  for (const [index, { id, from, to, decider, depth, onFailure = false }] of links.entries()) {
    if (endsSlice(index)) yield;
    const source = lookUp(ends, at.get(from));
    const target = at.get(to);
    if (source === undefined || target === undefined) continue;
    const condition = decider === undefined || onFailure ? null : parsed(decider);
    const link = { id, from, source: source.last, decider: condition, depth: depth ?? 'all', onFailure, to };
    const known = incoming.get(target);
    if (known === undefined) incoming.set(target, [link]);
    else known.push(link);
  }
  return incoming;
}

/** The children before each child, in the order of `orders`. Asking all orders for each gate was quadratic. */
function* childrenBefore(orders: readonly ChildOrder[]): Slices<Map<ChildIndex, ChildIndex[]>> {
  const before = new Map<ChildIndex, ChildIndex[]>();
  for (const [index, [source, target]] of orders.entries()) {
    if (endsSlice(index)) yield;
    const known = before.get(childIndex(target));
    if (known === undefined) before.set(childIndex(target), [childIndex(source)]);
    else known.push(childIndex(source));
  }
  return before;
}
