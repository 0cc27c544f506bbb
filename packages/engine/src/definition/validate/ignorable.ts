// Items that may be ignored, after a condition or a catch, while an item that uses their output still runs (S2, P5,
// P11). A "no" of depth *all* also ignores each item that is bound to an ignored item, unless that item needs only one
// satisfied link. The same holds after a caught item.
import { failureLinksFrom, isIgnoredWith } from './failure-ways.ts';
import { type FlowItem, type Item, needsOne } from '../schema.ts';
import type { Placed } from '../tree.ts';

/** May the used item have been ignored or caught when its user runs? */
export function mayBeIgnoredBefore(used: Placed, user: Placed): boolean {
  const usedPath: readonly Item[] = [...used.within, used.item];
  const userPath: readonly Item[] = [...user.within, user.item];
  let shared = 0;
  while (usedPath[shared] !== undefined && usedPath[shared] === userPath[shared]) shared += 1;
  const step = userPath[shared];
  const takesAny = step !== undefined && needsOne(step);
  for (let at = shared; at < usedPath.length; at += 1) {
    const container = usedPath[at - 1];
    const item = usedPath[at];
    if (
      container?.kind === 'flow' &&
      item !== undefined &&
      isIgnorable(container, item, { takesAny, step: at === shared ? step?.id : undefined })
    )
      return true;
  }
  return false;
}

interface Reader {
  readonly takesAny: boolean;
  /** The child of the container that is the user or holds it; undefined when the user is outside the container. */
  readonly step: string | undefined;
}

function isIgnorable(container: FlowItem, item: Item, { takesAny, step }: Reader): boolean {
  if (container.pattern !== 'graph') return false;
  const ahead = container.links.filter(({ again }) => again === undefined);
  /** Does the user run even if the item with that id was caught? */
  const outlivesCatch = (id: string) => {
    const caught = failureLinksFrom(container, id);
    return caught.length > 0 && (takesAny || step === undefined || caught.some(({ to }) => to === step));
  };
  if (outlivesCatch(item.id)) return true;
  const seen = new Set([item.id]);
  const waiting = [item.id];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { from, to, decider, depth, onFailure } of ahead) {
      if (to !== id) continue;
      if (onFailure) {
        if (step === undefined || !isIgnoredWith(container, to, step)) return true;
      } else if ((decider !== undefined && (takesAny || reaches(depth, id === item.id))) || outlivesCatch(from)) return true;
      if (!seen.has(from)) {
        seen.add(from);
        waiting.push(from);
      }
    }
  }
  return false;
}

/** Can a "no" reach the item but not everything after it? `isTarget` says that the item is the link's own target. */
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
