// A merge that waits for all its links is ignored when a failure before it was caught (P4, P11): an ordinary way
// leads to it from the caught item, and items after a caught item are ignored. A way that begins at a link on failure of the
// same item then ends before the merge, although it was drawn to join it.
import type { Problem } from './problem.ts';
import { type FlowItem, type FlowLink, needsOne } from '../schema.ts';

/** Warnings: such a flow may be published, and its runs show the ignored items. */
export function checkMerges({ pattern, items, links }: FlowItem): Problem[] {
  const caught = new Set(links.flatMap(({ from, onFailure }) => (onFailure === true ? [from] : [])));
  if (pattern !== 'graph' || caught.size === 0) return [];
  const children = new Map(items.map((item) => [item.id, item]));
  const ways = new Map<string, FlowLink[]>();
  for (const link of links) if (link.again === undefined) ways.set(link.from, [...(ways.get(link.from) ?? []), link]);
  const nameOf = (id: string) => `"${children.get(id)?.name ?? id}"`;
  const warned = new Set<string>();
  return [...caught].flatMap((item) => {
    const goesOn = (id: string) => {
      const child = children.get(id);
      return child !== undefined && !needsOne(child);
    };
    const ignored = follow(ways, [item], goesOn);
    const targets = (ways.get(item) ?? []).flatMap(({ to, onFailure }) => (onFailure === true && !ignored.has(to) ? [to] : []));
    const runs = [...targets, ...follow(ways, targets, (id) => !ignored.has(id))];
    const merges = runs.flatMap((from) =>
      (ways.get(from) ?? []).flatMap(({ to, onFailure }) => (onFailure !== true && ignored.has(to) ? [{ from, to }] : [])),
    );
    return merges.flatMap(({ from, to }): Problem[] => {
      if (warned.has(to)) return [];
      warned.add(to);
      const message = `${nameOf(to)} waits for all its links, so it never runs when a failure of ${nameOf(item)} was caught, although ${nameOf(from)} leads to it. Let it wait for the ways that are taken.`;
      const fix = { kind: 'setJoin', item: to, join: 'live', label: 'Wait for the ways that are taken' } as const;
      return [{ item: to, code: 'MERGE_NEVER_RUNS', severity: 'warning', message, fix }];
    });
  });
}

/** The items that ordinary links lead to, link by link, while `goesOn` is true; without the items at which the search begins. */
function follow(
  ways: ReadonlyMap<string, readonly FlowLink[]>,
  from: readonly string[],
  goesOn: (id: string) => boolean,
): ReadonlySet<string> {
  const known = new Set(from);
  for (const at of known) for (const { to, onFailure } of ways.get(at) ?? []) if (onFailure !== true && goesOn(to)) known.add(to);
  for (const id of from) known.delete(id);
  return known;
}
