// The effect of links on failure on the items after them (P11), computed from the definition only.
// 1. A target of links on failure is ignored when none of those links is taken; so is every item that follows only ignored
//    items. 2. The items after a caught item are ignored, except one that needs only one satisfied link.
import { type FlowItem, type FlowLink, type Item, needsOne } from '../schema.ts';
import { itemsUsedBy, usesOf } from '../tree.ts';

/** The links on failure that leave an item, in definition order. */
export function failureLinksFrom({ links }: FlowItem, item: string): readonly FlowLink[] {
  return links.filter(({ onFailure, from }) => onFailure === true && from === item);
}

/** The links to an item, without those that go back. */
export function linksTo({ pattern, links }: FlowItem, item: string): readonly FlowLink[] {
  return pattern === 'graph' ? links.filter(({ to, again }) => to === item && again === undefined) : [];
}

/** Is `step` ignored whenever `target` is, because no link on failure to the target was taken? */
export function isIgnoredWith(container: FlowItem, target: string, step: string): boolean {
  const known = new Map<string, boolean>([[target, true]]);
  const answer = (id: string): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    // Items on a cycle count as not ignored; validation reports the cycle.
    known.set(id, false);
    const links = linksTo(container, id);
    const sources = links.length > 0 ? links.map(({ from }) => from) : sourcesOfBindings(container, id);
    const is = sources.length > 0 && links.every(({ onFailure }) => onFailure !== true) && sources.every(answer);
    known.set(id, is);
    return is;
  };
  return answer(step);
}

/** Does `step` run only after a failure of `item` was caught? */
export function runsOnlyIfCaught(container: FlowItem, item: string, step: string): boolean {
  const known = new Map<string, boolean>();
  const answer = (id: string): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, false);
    const links = linksTo(container, id);
    const onFailure = links.filter((link) => link.onFailure === true);
    const child = container.items.find((one) => one.id === id);
    const is =
      onFailure.length > 0 && child !== undefined && !needsOne(child)
        ? onFailure.every(({ from }) => from === item)
        : links.length > 0 && links.every((link) => (link.onFailure === true ? link.from === item : answer(link.from)));
    known.set(id, is);
    return is;
  };
  return answer(step);
}

/** The children of a container whose outputs a child uses. */
function sourcesOfBindings(container: FlowItem, step: string): string[] {
  const child = container.items.find(({ id }) => id === step);
  if (child === undefined) return [];
  const used = new Set(idsUsedIn(child));
  return container.items.flatMap((item) => (item.id !== step && idsIn(item).some((id) => used.has(id)) ? [item.id] : []));
}

function idsUsedIn(item: Item): string[] {
  const own = usesOf(item).flatMap(({ binding }) => itemsUsedBy(binding));
  return item.kind === 'flow' ? [...own, ...item.items.flatMap(idsUsedIn)] : own;
}

function idsIn(item: Item): string[] {
  return item.kind === 'flow' ? [item.id, ...item.items.flatMap(idsIn)] : [item.id];
}
