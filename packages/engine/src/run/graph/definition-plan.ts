// What the compiler needs of a definition, computed once: orderings, the containers around each item, parsed bindings.
import { type Expression, parseElementKey, parseExpression } from '../../definition/expression.ts';
import { withoutBackLinks } from '../../definition/loops.ts';
import type { Binding, FlowDefinition, FlowItem, Item } from '../../definition/schema.ts';
import { isIterated, orderingsInSlices, outputOrderingsInSlices, placedItems } from '../../definition/tree.ts';
import type { ChildOrder } from '../../patterns/pattern.ts';
import { isEmptyObject } from '../../json.ts';
import { type Slices, endsSlice } from '../../slices.ts';
import type { CompiledBinding } from './compiled-binding.ts';

/** An item, its index in definition order, and the for-each and loop containers around it, outermost first. */
export interface PlannedItem {
  readonly item: Item;
  readonly order: number;
  readonly iterated: readonly string[];
}

export interface DefinitionPlan {
  readonly definition: FlowDefinition;
  readonly orderings: ReadonlyMap<FlowItem, readonly ChildOrder[]>;
  /** The orderings that outputs add. Only catching needs them, so they are empty for a definition without links on failure. */
  readonly outputOrderings: ReadonlyMap<FlowItem, readonly ChildOrder[]>;
  readonly items: ReadonlyMap<string, PlannedItem>;
  /** Retries and containers' own reverts by id, with the item that they belong to. */
  readonly controls: ReadonlyMap<string, PlannedItem>;
  readonly bindings: Map<object, readonly CompiledBinding[]>;
}

const plans = new WeakMap<FlowDefinition, DefinitionPlan>();

/** The plan of a definition without problems (definition/validate/validate.ts), in slices. */
export function* planInSlices(definition: FlowDefinition): Slices<DefinitionPlan> {
  const known = plans.get(definition);
  if (known !== undefined) return known;
  const structured = withoutBackLinks(definition);
  yield;
  const items = new Map<string, PlannedItem>();
  const controls = new Map<string, PlannedItem>();
  let hasFailureLinks = false;
  const placed = placedItems(structured);
  yield;
  let around: readonly FlowItem[] = [];
  let iterated: readonly string[] = [];
  for (const [order, { item, within }] of placed.entries()) {
    if (endsSlice(order)) yield;
    // Siblings share both lists.
    if (within !== around) iterated = within.filter(isIterated).map(({ id }) => id);
    around = within;
    const planned = { item, order, iterated };
    items.set(item.id, planned);
    if (item.retry !== undefined) controls.set(item.retry.id, planned);
    if (item.kind !== 'flow') continue;
    if (item.revert?.mode === 'task') controls.set(item.revert.id, planned);
    hasFailureLinks ||= item.links.some(({ onFailure }) => onFailure === true);
  }
  const plan = {
    definition: structured,
    orderings: yield* orderingsInSlices(placed),
    outputOrderings: hasFailureLinks ? yield* outputOrderingsInSlices(placed) : new Map(),
    items,
    controls,
    bindings: new Map(),
  };
  plans.set(definition, plan);
  return plan;
}

const NO_BINDINGS: readonly CompiledBinding[] = [];

/** Bindings with their expressions parsed; each bindings object is parsed once per definition. */
export function bindingsIn(plan: DefinitionPlan, bindings: { readonly [name: string]: Binding }): readonly CompiledBinding[] {
  if (isEmptyObject(bindings)) return NO_BINDINGS;
  const known = plan.bindings.get(bindings);
  if (known !== undefined) return known;
  const compiled = Object.entries(bindings).map(([name, binding]) => compileBinding(name, binding));
  plan.bindings.set(bindings, compiled);
  return compiled;
}

export function compileBinding(name: string, binding: Binding): CompiledBinding {
  return {
    name,
    binding,
    expression: binding.from === 'expression' ? parsed(binding.cel) : null,
    of: binding.from === 'first' ? binding.of.map((one) => compileBinding(name, one)) : [],
  };
}

const expressions = new Map<string, Expression>();
const elementKeys = new Map<string, Expression>();
const MOST_EXPRESSIONS = 2_000;

/** Parsed expressions are pure, so they are shared and rounds and iterations parse nothing again. */
export function parsed(cel: string): Expression {
  return fromCache(expressions, cel, () => parseExpression(cel, { retry: true, failure: true }));
}

/** Like `parsed`, for the key of a for-each. */
export function parsedElementKey(cel: string): Expression {
  return fromCache(elementKeys, cel, () => parseElementKey(cel));
}

function fromCache(cache: Map<string, Expression>, cel: string, parse: () => Expression): Expression {
  const known = cache.get(cel);
  if (known !== undefined) return known;
  if (cache.size >= MOST_EXPRESSIONS) cache.clear();
  const expression = parse();
  cache.set(cel, expression);
  return expression;
}
