// Walks a definition: which containers are around an item, and which orderings bindings add (S1, P3).
import { isEmptyObject } from '../json.ts';
import { patternOf } from '../patterns/index.ts';
import type { ChildOrder } from '../patterns/pattern.ts';
import { type Slices, atOnce, endsSlice } from '../slices.ts';
import { parseExpression } from './expression.ts';
import type { Binding, FlowDefinition, FlowItem, Item } from './schema.ts';

/** An item, the containers around it, outermost first, and the position of each among the items of its container. */
export interface Placed<I extends Item = Item> {
  readonly item: I;
  readonly within: readonly FlowItem[];
  readonly position: number;
  readonly positionsAround: readonly number[];
}

/** Every item of the definition in definition order, the root first. */
export function placedItems(definition: FlowDefinition): Placed[] {
  const placed: Placed[] = [];
  const visit = (one: Placed): void => {
    placed.push(one);
    const { item, position } = one;
    if (item.kind !== 'flow') return;
    const within = [...one.within, item];
    const positionsAround = [...one.positionsAround, position];
    item.items.forEach((child, at) => visit({ item: child, within, position: at, positionsAround }));
  };
  visit({ item: definition.root, within: [], position: 0, positionsAround: [] });
  return placed;
}

/** The items whose outputs or failures a binding uses. An expression that does not parse uses none; validation reports it. */
export function itemsUsedBy(binding: Binding): readonly string[] {
  return [...new Set(allOf(usedBy({ binding, sees: {} })))];
}

/** Ids of the items whose outputs are used, and of those whose caught failures are used. */
interface Used {
  readonly outputs: readonly string[];
  readonly failures: readonly string[];
}

function usedBy({ binding, sees }: Pick<Use, 'binding' | 'sees'>): Used {
  switch (binding.from) {
    case 'output':
      return { outputs: [binding.item], failures: [] };
    case 'failure':
      return { outputs: [], failures: [binding.item] };
    case 'first': {
      const used = binding.of.map((one) => usedBy({ binding: one, sees }));
      return { outputs: used.flatMap(({ outputs }) => outputs), failures: used.flatMap(({ failures }) => failures) };
    }
    case 'expression':
      try {
        const { outputs, failures } = parseExpression(binding.cel, sees).references;
        return { outputs: outputs.map(({ item }) => item), failures: failures.map(({ item }) => item) };
      } catch {
        return { outputs: [], failures: [] };
      }
    case 'input':
    case 'secret':
    case 'constant':
      return { outputs: [], failures: [] };
  }
}

/** The order between a used item and its user: `before`, ordered by the binding itself, `notBefore`, or one is around the other. */
export type Relation =
  | { readonly kind: 'before' }
  | { readonly kind: 'orders'; readonly container: FlowItem; readonly order: ChildOrder }
  | { readonly kind: 'notBefore'; readonly container: FlowItem; readonly from: Item; readonly to: Item }
  | { readonly kind: 'around' };

/** Finds the innermost container that holds both items, and says how it orders them. */
export function relate(used: Placed, user: Placed): Relation {
  const usedPath: readonly Item[] = [...used.within, used.item];
  const userPath: readonly Item[] = [...user.within, user.item];
  let depth = 0;
  while (usedPath[depth] !== undefined && usedPath[depth] === userPath[depth]) depth += 1;
  const container = userPath[depth - 1];
  const from = usedPath[depth];
  const to = userPath[depth];
  if (container?.kind !== 'flow' || from === undefined || to === undefined) return { kind: 'around' };
  const before = positionAt(used, depth);
  const after = positionAt(user, depth);
  switch (patternOf(container).siblingOutputs) {
    case 'earlier':
      return before < after ? { kind: 'before' } : { kind: 'notBefore', container, from, to };
    case 'orders':
      return { kind: 'orders', container, order: [before, after] };
    case 'none':
      return { kind: 'notBefore', container, from, to };
  }
}

/** The position of the item on that level of the path to it. Searching the items made compiling quadratic. */
function positionAt({ within, position, positionsAround }: Placed, depth: number): number {
  return depth < within.length ? (positionsAround[depth] ?? 0) : position;
}

/** A binding of an item: of a task's or subflow's input, a retry, a list, a condition or a container's own revert. */
export interface Use {
  readonly field: string;
  readonly binding: Binding;
  /** When it is evaluated. `item`: when the item begins; `inside`: after the items inside have run; `link`: before item `before`. */
  readonly at: 'item' | 'inside' | 'link';
  /** For a link, the item that the link leads to; for a link on failure, the item that fails. */
  readonly before: string;
  /** The expression of a retry also has `retry`; the condition of a link on failure also has `failure`. */
  readonly sees: { readonly retry?: true; readonly failure?: true };
}

const NO_USES: readonly Use[] = [];

/** Every binding and expression of an item. */
export function usesOf(item: Item): readonly Use[] {
  // Most tasks of a large flow have none: making empty lists for them took a quarter of the memory of compiling.
  if (item.kind === 'task' && item.retry === undefined && isEmptyObject(item.bindings)) return NO_USES;
  const use = (field: string, binding: Binding, more: Partial<Use> = {}): Use => ({
    field,
    binding,
    at: 'item',
    before: '',
    sees: {},
    ...more,
  });
  const cel = (source: string): Binding => ({ from: 'expression', cel: source });
  const uses: Use[] = [];
  if (item.kind !== 'flow') for (const [field, binding] of Object.entries(item.bindings)) uses.push(use(field, binding));
  const strategy = item.retry?.strategy;
  if (strategy?.kind === 'parameterised') uses.push(use('values to try', strategy.values));
  if (strategy?.kind === 'expression') uses.push(use('retry', cel(strategy.cel), { sees: { retry: true } }));
  if (item.kind !== 'flow') return uses;
  if (item.forEach !== undefined) uses.push(use('list', item.forEach.list));
  if (item.loop !== undefined) uses.push(use('again', cel(item.loop.again), { at: 'inside' }));
  if (item.revert?.mode === 'task') {
    for (const [field, binding] of Object.entries(item.revert.bindings)) uses.push(use(field, binding, { at: 'inside' }));
  }
  for (const { decider, again, onFailure, from, to } of item.links) {
    if (decider === undefined) continue;
    if (onFailure) uses.push(use('condition', cel(decider), { at: 'link', before: from, sees: { failure: true } }));
    else uses.push(use('condition', cel(decider), again === undefined ? { at: 'link', before: to } : { at: 'inside' }));
  }
  return uses;
}

/** The orderings of each container's children: those of its pattern, and those that bindings and conditions add. */
export function orderingsOf(definition: FlowDefinition): Map<FlowItem, ChildOrder[]> {
  return atOnce(orderingsInSlices(placedItems(definition)));
}

/** Like `orderingsOf`, in slices. */
export function orderingsInSlices(placed: readonly Placed[]): Slices<Map<FlowItem, ChildOrder[]>> {
  return orderingsOfUses(placed, { byPattern: (item) => [...patternOf(item).order(item)], itemsOf: allOf });
}

/**
 * The orderings that outputs add, without those of the pattern: children that depend on a caught item's output (P11).
 * In slices.
 */
export function outputOrderingsInSlices(placed: readonly Placed[]): Slices<Map<FlowItem, ChildOrder[]>> {
  return orderingsOfUses(placed, { byPattern: () => [], itemsOf: ({ outputs }) => outputs });
}

function allOf({ outputs, failures }: Used): readonly string[] {
  return [...outputs, ...failures];
}

function* orderingsOfUses(
  placed: readonly Placed[],
  { byPattern, itemsOf }: { byPattern: (item: FlowItem) => ChildOrder[]; itemsOf: (used: Used) => readonly string[] },
): Slices<Map<FlowItem, ChildOrder[]>> {
  const byId = new Map<string, Placed>();
  const orderings = new Map<FlowItem, ChildOrder[]>();
  for (const [at, one] of placed.entries()) {
    byId.set(one.item.id, one);
    if (one.item.kind === 'flow') orderings.set(one.item, byPattern(one.item));
    if (endsSlice(at)) yield;
  }
  for (const [at, user] of placed.entries()) {
    if (endsSlice(at)) yield;
    for (const use of usesOf(user.item)) {
      const target = use.at === 'link' ? byId.get(use.before) : user;
      for (const id of itemsOf(usedBy(use))) {
        const used = byId.get(id);
        const relation = used && target && relate(used, target);
        if (relation?.kind === 'orders') orderings.get(relation.container)?.push(relation.order);
      }
    }
  }
  return orderings;
}

/** Does the container run its body more than once, each time with addresses of its own? */
export function isIterated({ pattern }: FlowItem): boolean {
  return pattern === 'for_each' || pattern === 'loop';
}
