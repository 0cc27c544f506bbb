// Links on failure (P11): a link on failure does not go back, does not leave a loop, and can be taken.
import { failureLinksFrom } from './failure-ways.ts';
import { loopsOf } from '../loops.ts';
import type { Problem } from './problem.ts';
import { type FlowItem, type FlowLink, needsOne } from '../schema.ts';

export function checkFailureLinks(container: FlowItem): Problem[] {
  const links = container.links.filter(({ onFailure }) => onFailure === true);
  if (links.length === 0) return [];
  const loops = loopsOf(container).map(({ items }) => new Set(items));
  const nameOf = (id: string) => `"${container.items.find((item) => item.id === id)?.name ?? id}"`;
  return links.flatMap((link): Problem[] => {
    const why = whyInvalid(container, link, loops);
    if (why === null) return [];
    const message = `The link on failure from ${nameOf(link.from)} to ${nameOf(link.to)} ${why}`;
    const fix = { kind: 'removeLink', link: link.id, label: 'Remove the link' } as const;
    return [{ item: container.id, code: 'FAILURE_LINK_INVALID', severity: 'error', message, fix }];
  });
}

function whyInvalid(container: FlowItem, link: FlowLink, loops: readonly ReadonlySet<string>[]): string | null {
  if (link.again !== undefined) return 'goes back. Put a retry on the item that fails, or let the link go on.';
  if (link.depth !== undefined) return 'has a depth, which only the condition of an ordinary link has. Remove the depth.';
  if (loops.some((items) => items.has(link.from) !== items.has(link.to)))
    return 'crosses the border of a loop. Let its target lead to the end of the loop, or put the item that fails and its target into a container.';
  const earlier = failureLinksFrom(container, link.from);
  const certain = earlier.find(({ decider }) => decider === undefined);
  if (certain !== undefined && earlier.indexOf(certain) < earlier.indexOf(link))
    return 'is never taken, because a link on failure before it has no condition. Give that link a condition, or remove this link.';
  const isTwice = container.links.some(({ from, to, onFailure, again }) => !onFailure && !again && from === link.from && to === link.to);
  const target = container.items.find(({ id }) => id === link.to);
  if (isTwice && target !== undefined && !needsOne(target))
    return 'stands beside an ordinary link, and only one of the two can be satisfied. Let the target take any one of its links.';
  return null;
}
