// Compiles the links on failure of a graph: the links that leave each child, and the children that follow it (P11).
import { type FlowItem, type FlowLink, type Item, needsOne } from '../../definition/schema.ts';
import type { ChildOrder } from '../../patterns/pattern.ts';
import { parsed } from './definition-plan.ts';
import type { CompiledCatch, CompiledChild } from './graph.ts';
import { type AtomIndex, type ChildIndex, type ListBy, childIndex, listBy } from './index-spaces.ts';
import type { Ends } from './join-children.ts';

/** Links on failure by the child that they leave; empty for a container that is not a graph. */
export function failureLinksOf({ pattern, links }: FlowItem): ReadonlyMap<string, readonly FlowLink[]> {
  const found = new Map<string, FlowLink[]>();
  if (pattern !== 'graph') return found;
  for (const link of links) {
    if (link.onFailure !== true) continue;
    const known = found.get(link.from);
    if (known === undefined) found.set(link.from, [link]);
    else known.push(link);
  }
  return found;
}

export function compileCatch(
  atom: AtomIndex,
  { links, child }: { readonly links: readonly FlowLink[]; readonly child: ChildIndex },
): CompiledCatch {
  return {
    atom,
    child,
    links: links.map(({ id, to, decider }) => ({ id, to, condition: decider === undefined ? null : parsed(decider) })),
  };
}

/** The children with their sources and followers; empty for a graph without links on failure. O(children + orders). */
export function compileChildren(
  item: FlowItem,
  { ends, outputOrders }: { readonly ends: ListBy<ChildIndex, Ends>; readonly outputOrders: readonly ChildOrder[] },
): ListBy<ChildIndex, CompiledChild> {
  if (failureLinksOf(item).size === 0) return listBy([]);
  const at = new Map(item.items.map(({ id }, index) => [id, childIndex(index)]));
  const links = item.links.flatMap(({ from, to, onFailure }) => {
    const [source, target] = [at.get(from), at.get(to)];
    return source === undefined || target === undefined ? [] : [{ source, target, onFailure: onFailure === true }];
  });
  const sets = () => listBy<ChildIndex, Set<ChildIndex>>(item.items.map(() => new Set()));
  const [sources, dependants, followers] = [sets(), sets(), sets()];
  const takesFailure = new Set<number>();
  for (const { source, target, onFailure } of links) {
    sources[target]?.add(source);
    if (onFailure) takesFailure.add(target);
    else followers[source]?.add(target);
  }
  const isLinked = listBy<ChildIndex, boolean>(sources.map(({ size }) => size > 0));
  for (const [before, after] of outputOrders) {
    const [source, target] = [childIndex(before), childIndex(after)];
    followers[source]?.add(target);
    if (!isLinked[target]) sources[target]?.add(source);
  }
  sources.forEach((own, target) => {
    for (const source of own) dependants[source]?.add(target);
  });
  return listBy(
    ends.map(({ first, last }, child) => {
      const { id, join } = item.items[child] as Item;
      return {
        ...{ id, first, last },
        needsOne: needsOne({ join }) && isLinked[child] === true,
        takesFailure: takesFailure.has(child),
        sources: [...(sources[child] ?? [])],
        dependants: [...(dependants[child] ?? [])],
        followers: [...(followers[child] ?? [])],
      };
    }),
  );
}
