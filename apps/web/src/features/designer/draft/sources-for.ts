// The sources that an input can be bound to (S1, S2, P6, P7). Pure; used by the picker and the data tab.
// 1. A task or subflow that is certainly finished before; in a graph any sibling, since binding to it orders them.
// 2. For a for-each, from inside: the element and its index. From outside: the results. Items inside have no single
//    value, so they are not offered.
// 3. For a loop, from inside: the round and the output of the previous round. From outside: the rounds; an item inside
//    stands for its last round.
// 4. A retry's value and attempt, inside and after the item that it is on.
import { type FlowDefinition, type FlowItem, type Item, patternOf, type Placed, placedItems } from '@windlass/engine/definition';

/** A source that can be bound to, and its fields. */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly fields: readonly string[];
}

/**
 * The place of the binding: an item's own inputs; the list of its retry, which cannot use that retry; the revert of a
 * container, which can use all items inside; or the flow's outputs, evaluated at the end.
 */
export type Viewpoint = { readonly at: 'item' | 'retry' | 'revert'; readonly id: string } | { readonly at: 'end' };

/** Fields that a task or a subflow gives. */
export type OutputsOf = (item: Exclude<Item, FlowItem>) => readonly string[];

type Relation = 'around' | 'self' | 'before' | 'within';

export function sourcesFor(definition: FlowDefinition, from: Viewpoint, outputsOf: OutputsOf): Source[] {
  const placed = placedItems(definition);
  const user = from.at === 'end' ? placed[0] : placed.find(({ item }) => item.id === from.id);
  if (user === undefined) return [];
  const looksInside = from.at === 'revert' || from.at === 'end';
  return placed.flatMap((used) => {
    const relation = relationOf(used, user);
    if (relation === null || (relation === 'within' && !looksInside)) return [];
    const { item } = used;
    const fields = fieldsOf(item, { relation, looksInside, outputsOf });
    const sources: Source[] = fields === null ? [] : [{ id: item.id, name: item.name, fields }];
    if (item.retry !== undefined && !(relation === 'self' && from.at !== 'item'))
      sources.push({ id: item.retry.id, name: `Retry of ${item.name}`, fields: ['value', 'attempt'] });
    return sources;
  });
}

/** How the used item relates to its user; null when the user cannot use its fields. */
function relationOf(used: Placed, user: Placed): Relation | null {
  const usedPath: readonly Item[] = [...used.within, used.item];
  const userPath: readonly Item[] = [...user.within, user.item];
  let depth = 0;
  while (usedPath[depth] !== undefined && usedPath[depth] === userPath[depth]) depth += 1;
  if (depth === usedPath.length) return depth === userPath.length ? 'self' : 'around';
  const between = usedPath.slice(depth, -1);
  if (depth === userPath.length) return [user.item, ...between].some(isForEach) ? null : 'within';
  if (between.some(isForEach)) return null;
  const container = userPath[depth - 1];
  const [earlier, later] = [usedPath[depth], userPath[depth]];
  if (container?.kind !== 'flow' || earlier === undefined || later === undefined) return null;
  switch (patternOf(container).siblingOutputs) {
    case 'earlier':
      return container.items.indexOf(earlier) < container.items.indexOf(later) ? 'before' : null;
    case 'orders':
      return 'before';
    case 'none':
      return null;
  }
}

function isForEach(item: Item): boolean {
  return item.kind === 'flow' && item.pattern === 'for_each';
}

interface UsedFrom {
  readonly relation: Relation;
  readonly looksInside: boolean;
  readonly outputsOf: OutputsOf;
}

function fieldsOf(item: Item, { relation, looksInside, outputsOf }: UsedFrom): readonly string[] | null {
  if (item.kind !== 'flow') return relation === 'before' || relation === 'within' ? outputsOf(item) : null;
  const fromOutside = relation === 'before' || relation === 'within' || (relation === 'self' && looksInside);
  switch (item.pattern) {
    case 'for_each':
      return relation === 'around' ? ['element', 'index'] : fromOutside ? ['results'] : null;
    case 'loop':
      return relation === 'around' ? ['round', 'previous'] : fromOutside ? ['rounds'] : null;
    case 'linear':
    case 'unordered':
    case 'graph':
      return null;
  }
}
