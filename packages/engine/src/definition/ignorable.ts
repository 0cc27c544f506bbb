// What a condition or a catch may leave out while something after it runs all the same (SEMANTICS S2, P5, P11). A "no"
// that reaches everything after it takes along whoever is bound to what it leaves out, unless that one takes any of its
// links; so does an item that is caught.
import { failureLinksFrom, isLeftOutWith } from './failure-ways.ts';
import { type FlowItem, type Item, needsOne } from './schema.ts';
import type { Placed } from './tree.ts';

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
  /** The child of the container that is or holds the user; absent where the user stands outside the container. */
  readonly step: string | undefined;
}

function isIgnorable(container: FlowItem, item: Item, { takesAny, step }: Reader): boolean {
  if (container.pattern !== 'graph') return false;
  const ahead = container.links.filter(({ again }) => again === undefined);
  /** Does the user run although that item was caught? */
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
        if (step === undefined || !isLeftOutWith(container, to, step)) return true;
      } else if ((decider !== undefined && (takesAny || reaches(depth, id === item.id))) || outlivesCatch(from)) return true;
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
