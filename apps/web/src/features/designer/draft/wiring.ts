// Inputs and their bindings: of a task, a subflow, the revert of a container; and the lists
// of for-each containers and retries. Pure.
import type { Binding, FlowItem, Item, RetryPolicy, SubflowItem, TaskItem, Json } from '@windlass/engine/definition';

/** An object with inputs: constants and bindings by name. */
export interface Wired {
  readonly parameters: { readonly [field: string]: Json };
  readonly bindings: { readonly [field: string]: Binding };
}

interface Wiring {
  readonly parameters: Record<string, Json>;
  readonly bindings: Record<string, Binding>;
}

/** With a constant value for an input, or without one for undefined. Both remove its binding. */
export function withParameter(wired: Wired, field: string, value: Json | undefined): Wiring {
  const { [field]: _old, ...parameters } = wired.parameters;
  const { [field]: _binding, ...bindings } = wired.bindings;
  return { bindings, parameters: value === undefined ? parameters : { ...parameters, [field]: value } };
}

/** With an input bound, or unbound. */
export function withBinding(wired: Wired, field: string, binding: Binding | undefined): Wiring {
  const { [field]: _binding, ...bindings } = wired.bindings;
  const { [field]: _old, ...parameters } = wired.parameters;
  return binding === undefined
    ? { bindings, parameters: { ...wired.parameters } }
    : { parameters, bindings: { ...bindings, [field]: binding } };
}

type Bindings = Record<string, Binding>;

/** The bindings without those that name a removed item; the same object when none does. */
export function keptBindings(bindings: Bindings, gone: ReadonlySet<string>): Bindings {
  const kept = Object.entries(bindings).flatMap(([field, binding]) => {
    const left = keptBinding(binding, gone);
    return left === null ? [] : [[field, left] as const];
  });
  const isSame = kept.length === Object.keys(bindings).length && kept.every(([field, binding]) => bindings[field] === binding);
  return isSame ? bindings : Object.fromEntries(kept);
}

/** The item without bindings to removed items; a list that was bound to one becomes empty. */
export function unbound(item: FlowItem, gone: ReadonlySet<string>): FlowItem;
export function unbound(item: TaskItem | SubflowItem, gone: ReadonlySet<string>): TaskItem | SubflowItem;
export function unbound(item: Item, gone: ReadonlySet<string>): Item {
  const retry = item.retry === undefined ? {} : { retry: unboundRetry(item.retry, gone) };
  if (item.kind !== 'flow') return { ...item, ...retry, bindings: keptBindings(item.bindings, gone) };
  const { forEach, revert } = item;
  return {
    ...item,
    ...retry,
    ...(forEach === undefined ? {} : { forEach: unboundForEach(forEach, gone) }),
    ...(revert?.mode === 'task' ? { revert: { ...revert, bindings: keptBindings(revert.bindings, gone) } } : {}),
  };
}

const NO_LIST: Binding = { from: 'constant', value: [] };

function unboundForEach({ list, collect }: NonNullable<FlowItem['forEach']>, gone: ReadonlySet<string>) {
  return {
    list: keptBinding(list, gone) ?? NO_LIST,
    ...(collect === undefined || gone.has(collect) ? {} : { collect }),
  };
}

function unboundRetry(retry: RetryPolicy, gone: ReadonlySet<string>): RetryPolicy {
  const { strategy } = retry;
  if (strategy.kind !== 'parameterised') return retry;
  const values = keptBinding(strategy.values, gone) ?? NO_LIST;
  return values === strategy.values ? retry : { ...retry, strategy: { ...strategy, values } };
}

/** The binding without alternatives that name a removed item; null when no alternative is left. */
function keptBinding(binding: Binding, gone: ReadonlySet<string>): Binding | null {
  if (binding.from === 'output' || binding.from === 'failure') return gone.has(binding.item) ? null : binding;
  if (binding.from !== 'first') return binding;
  const of = binding.of.filter((one) => keptBinding(one, gone) !== null);
  if (of.length === 0) return null;
  return of.length === binding.of.length ? binding : { from: 'first', of };
}
