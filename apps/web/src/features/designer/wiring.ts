// Inputs and what they are bound to, wherever they stand: on a task, a subflow, the revert of a container; and the lists
// of for-each containers and retries. Pure.
import type { Binding, FlowItem, Item, RetryPolicy, SubflowItem, TaskItem, Json } from '@windlass/engine/definition';

/** Whatever has inputs: constants and bindings by name. */
export interface Wired {
  readonly parameters: { readonly [field: string]: Json };
  readonly bindings: { readonly [field: string]: Binding };
}

interface Wiring {
  readonly parameters: Record<string, Json>;
  readonly bindings: Record<string, Binding>;
}

/** With a constant value for an input; undefined takes it away. Either unbinds it. */
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

/** The bindings that name nothing that is gone; the same object when that is all of them. */
export function keptBindings(bindings: Bindings, gone: ReadonlySet<string>): Bindings {
  const kept = Object.entries(bindings).filter(([, binding]) => !names(binding, gone));
  return kept.length === Object.keys(bindings).length ? bindings : Object.fromEntries(kept);
}

/** The item without bindings to what is gone; a list that was bound to it is empty. */
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
    list: names(list, gone) ? NO_LIST : list,
    ...(collect === undefined || gone.has(collect) ? {} : { collect }),
  };
}

function unboundRetry(retry: RetryPolicy, gone: ReadonlySet<string>): RetryPolicy {
  const { strategy } = retry;
  if (strategy.kind !== 'parameterised' || !names(strategy.values, gone)) return retry;
  return { ...retry, strategy: { ...strategy, values: NO_LIST } };
}

function names(binding: Binding, gone: ReadonlySet<string>): boolean {
  return binding.from === 'output' && gone.has(binding.item);
}
