// What a condition may leave out while something after it runs all the same (SEMANTICS S2, P5). A "no" that reaches
// everything after it takes along whoever is bound to what it leaves out, unless that one takes any of its links.
import type { FlowItem, Item } from './schema.ts';
import type { Placed } from './tree.ts';

/** May the used item have been ignored when its user runs? */
export function mayBeIgnoredBefore(used: Placed, user: Placed): boolean {
  const usedPath: readonly Item[] = [...used.within, used.item];
  const userPath: readonly Item[] = [...user.within, user.item];
  let shared = 0;
  while (usedPath[shared] !== undefined && usedPath[shared] === userPath[shared]) shared += 1;
  const takesAny = userPath[shared]?.join === 'any';
  for (let at = shared; at < usedPath.length; at += 1) {
    const container = usedPath[at - 1];
    const item = usedPath[at];
    if (container?.kind === 'flow' && item !== undefined && isIgnorable(container, item, takesAny)) return true;
  }
  return false;
}

function isIgnorable(container: FlowItem, item: Item, byAnyDepth: boolean): boolean {
  if (container.pattern !== 'graph') return false;
  const ahead = container.links.filter(({ again }) => again === undefined);
  const seen = new Set([item.id]);
  const waiting = [item.id];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { from, to, decider, depth } of ahead) {
      if (to !== id) continue;
      if (decider !== undefined && (byAnyDepth || reaches(depth, id === item.id))) return true;
      if (!seen.has(from)) {
        seen.add(from);
        waiting.push(from);
      }
    }
  }
  return false;
}

/** Does a "no" short of everything reach the item: as its target, or behind it in the same container? */
function reaches(depth: FlowItem['links'][number]['depth'], isTarget: boolean): boolean {
  switch (depth) {
    case undefined:
    case 'all':
      return false;
    case 'atom':
      return isTarget;
    case 'neighbours':
    case 'flow':
      return true;
  }
}
