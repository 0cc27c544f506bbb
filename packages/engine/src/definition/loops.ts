// Links that go back (P7): the items inside each loop, and the definition rewritten so that each such link becomes
// a loop container. The engine itself sees only structured containers.
import type { FlowDefinition, FlowItem, FlowLink, Item } from './schema.ts';

/** A link that goes back and the items inside its loop: those on a way from the link's target to its source. */
export interface Loop {
  readonly link: FlowLink;
  /** Ids, in definition order. */
  readonly items: readonly string[];
}

/** The loops of a graph, the innermost first. Links to unknown items are left out. O(loops × links). */
export function loopsOf(container: FlowItem): Loop[] {
  const backLinks = container.links.filter(({ again }) => again !== undefined);
  if (backLinks.length === 0) return [];
  const ahead = container.links.filter(({ again }) => again === undefined);
  const after = neighbours(ahead.map(({ from, to }) => [from, to]));
  const before = neighbours(ahead.map(({ from, to }) => [to, from]));
  return backLinks
    .map((link) => {
      const below = reach(link.to, after);
      const above = reach(link.from, before);
      return { link, items: container.items.flatMap(({ id }) => (below.has(id) && above.has(id) ? [id] : [])) };
    })
    .sort((a, b) => a.items.length - b.items.length);
}

/** The same flow with a loop container for every link that goes back; the given object when no link goes back. */
export function withoutBackLinks(definition: FlowDefinition): FlowDefinition {
  const root = structured(definition.root);
  return root === definition.root ? definition : { ...definition, root };
}

function structured(container: FlowItem): FlowItem {
  const items = container.items.map((item) => (item.kind === 'flow' ? structured(item) : item));
  const isSame = items.every((item, index) => item === container.items[index]);
  let drawn: FlowItem = isSame ? container : { ...container, items };
  for (let [loop] = loopsOf(drawn); loop !== undefined && loop.items.length > 0; [loop] = loopsOf(drawn)) drawn = fold(drawn, loop);
  return drawn;
}

/** Moves the items of one loop into a container of their own, named after the link. */
function fold(container: FlowItem, { link, items }: Loop): FlowItem {
  const isInside = new Set(items);
  const inner = container.items.filter(({ id }) => isInside.has(id));
  const innerLinks = container.links.filter(({ id, from, to }) => id !== link.id && isInside.has(from) && isInside.has(to));
  const round: FlowItem = { kind: 'flow', id: `${link.id}_round`, name: link.id, pattern: 'graph', items: inner, links: innerLinks };
  const loop: FlowItem = {
    kind: 'flow',
    id: link.id,
    name: inner.map(({ name }) => name).join(', '),
    pattern: 'loop',
    loop: { again: link.decider ?? 'false', limit: link.again?.limit ?? 1 },
    items: [round],
    links: [],
  };
  const at = container.items.findIndex(({ id }) => isInside.has(id));
  const left: Item[] = container.items.filter(({ id }) => !isInside.has(id));
  left.splice(at, 0, loop);
  const links = container.links.flatMap((one) => {
    const from = isInside.has(one.from) ? link.id : one.from;
    const to = isInside.has(one.to) ? link.id : one.to;
    return one.id === link.id || (from === link.id && to === link.id) ? [] : [{ ...one, from, to }];
  });
  return { ...container, items: left, links };
}

function neighbours(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [from, to] of pairs) {
    const known = found.get(from);
    if (known === undefined) found.set(from, [to]);
    else known.push(to);
  }
  return found;
}

function reach(start: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set([start]);
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const one of next.get(id) ?? []) {
      if (seen.has(one)) continue;
      seen.add(one);
      waiting.push(one);
    }
  }
  return seen;
}
