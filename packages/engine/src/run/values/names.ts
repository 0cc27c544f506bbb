// The meaning of a name where it is used (S1): flow inputs, outputs of items, of retries, of for-each and loop
// containers and of subflows, each looked up from the scope of its use.
import { type Json, type JsonObject, isJsonObject, memberOf } from '../../json.ts';
import type { Expression } from '../../definition/expression.ts';
import type { CompiledBinding } from '../graph/compiled-binding.ts';
import type { CompiledContainer } from '../graph/graph.ts';
import { elementsOf } from '../state/expand.ts';
import { readOutput } from '../state/values/atom-values.ts';
import { type Run, atomAt, isFinished } from '../state/run.ts';
import { type IterationScope, type Scope, documentScope } from '../graph/scope.ts';
import { type Slot, lookUp, slotOf } from '../graph/index-spaces.ts';
import { atomOutput, failureOf, hasGiven, lastRound, sourceOf } from './sources.ts';

/** The placeholder of a secret in a recorded input. */
export function secretPlaceholder(name: string): string {
  return `{{secret ${name}}}`;
}

/** The value of a binding now; undefined when there is none. Throws what an expression throws. */
export function resolveBinding(run: Run, scope: Scope, { binding, expression, of }: CompiledBinding): Json | undefined {
  switch (binding.from) {
    case 'constant':
      return binding.value;
    case 'input':
      return inputOf(run, scope, binding.name);
    case 'output':
      return atPath(outputOf(run, scope, { item: binding.item, path: binding.path }), binding.path);
    case 'failure':
      return atPath(failureOf(run, scope, binding.item), binding.path);
    case 'secret':
      return secretPlaceholder(binding.name);
    case 'expression':
      return expression === null ? undefined : evaluate(run, scope, { expression });
    case 'first': {
      const taken = of.find((one) => hasSource(run, scope, one));
      return taken === undefined ? undefined : resolveBinding(run, scope, taken);
    }
  }
}

/**
 * Does an alternative apply (S6)? Its item is SUCCESS or was skipped with outputs, or its flow input was given;
 * for an expression that must hold for every name in it.
 */
function hasSource(run: Run, scope: Scope, { binding, expression }: CompiledBinding): boolean {
  switch (binding.from) {
    case 'constant':
    case 'secret':
      return true;
    case 'input':
      return inputOf(run, scope, binding.name) !== undefined;
    case 'output':
      return hasGiven(run, scope, binding.item);
    case 'failure':
      return failureOf(run, scope, binding.item) !== undefined;
    case 'expression': {
      const { inputs = [], outputs = [], failures = [] } = expression?.references ?? {};
      return (
        inputs.every((name) => inputOf(run, scope, name) !== undefined) &&
        outputs.every(({ item }) => hasGiven(run, scope, item)) &&
        failures.every(({ item }) => failureOf(run, scope, item) !== undefined)
      );
    }
    case 'first':
      return false;
  }
}

/** Evaluates an expression in a scope; `special` are the further variables of the expression of a retry or a link on failure. */
export function evaluate(
  run: Run,
  scope: Scope,
  { expression, ...special }: { readonly expression: Expression; readonly retry?: JsonObject; readonly failure?: JsonObject },
): Json {
  const { references } = expression;
  const inputs: JsonObject = Object.create(null);
  for (const name of references.inputs) {
    const value = inputOf(run, scope, name);
    if (value !== undefined) inputs[name] = value;
  }
  const outputs: JsonObject = Object.create(null);
  for (const { item, field } of references.outputs) {
    const output = outputOf(run, scope, { item, path: field ?? '' });
    if (output !== undefined) outputs[item] = output;
  }
  const failures: JsonObject = Object.create(null);
  for (const { item } of references.failures) {
    const failure = failureOf(run, scope, item);
    if (failure !== undefined) failures[item] = failure;
  }
  const secrets: JsonObject = Object.create(null);
  for (const name of references.secrets) secrets[name] = secretPlaceholder(name);
  return expression.evaluate({ inputs, outputs, failures, secrets, ...special });
}

/** Names of secrets that the value of a binding may contain; a subflow's input may contain some too. */
export function secretsOf(scope: Scope, { binding, expression, of }: CompiledBinding): readonly string[] {
  if (of.length > 0) return [...new Set(of.flatMap((one) => secretsOf(scope, one)))];
  if (binding.from === 'secret') return [binding.name];
  const own = expression?.references.secrets ?? [];
  const inputs = binding.from === 'input' ? [binding.name] : (expression?.references.inputs ?? []);
  const document = documentScope(scope);
  if (document.kind !== 'SUBFLOW' || document.outer === null || inputs.length === 0) return own;
  const outer = document.outer;
  const brought = document.given.filter(({ name }) => inputs.includes(name)).flatMap((given) => secretsOf(outer, given));
  return brought.length === 0 ? own : [...new Set([...own, ...brought])];
}

function inputOf(run: Run, scope: Scope, name: string): Json | undefined {
  const document = documentScope(scope);
  if (document.kind !== 'SUBFLOW' || document.outer === null) return memberOf(run.inputs, name);
  const given = document.given.find((one) => one.name === name);
  const value = given === undefined ? memberOf(document.parameters, name) : resolveBinding(run, document.outer, given);
  return value ?? defaultOf(document, name);
}

function defaultOf({ plan }: Scope, name: string): Json | undefined {
  const properties = plan.definition.inputs['properties'];
  const field = isJsonObject(properties) ? memberOf(properties, name) : undefined;
  return isJsonObject(field) ? field['default'] : undefined;
}

/** The output of an item, as seen from a scope; undefined while it has none. With `path` only that part is made. */
function outputOf(run: Run, scope: Scope, { item, path }: { item: string; path: string }): Json | undefined {
  const source = sourceOf(run, scope, item);
  switch (source.kind) {
    case 'nothing':
      return undefined;
    case 'around':
      return insideOf(run, source.iteration, path);
    case 'atom':
      return atomOutput(run, source.address);
    case 'container':
      return containerOutput(run, source.container, source.address);
  }
}

function containerOutput(run: Run, container: CompiledContainer, address: string): Json | undefined {
  if (container.item?.pattern === 'for_each') return { results: resultsOf(run, container) };
  if (container.item?.pattern === 'loop') return { rounds: lastRound(run, container) + 1 };
  if (container.item !== null) return undefined;
  const task = run.flow.atomByAddress.get(address);
  if (task !== undefined) return atomOutput(run, address);
  if (container.stages.length > 0) {
    const isHeld = container.stages.every((stage) => isFinished(run.atoms[stage]?.state ?? 'PENDING'));
    return isHeld ? stageOutputs(run, container) : undefined;
  }
  return subflowOutput(run, container);
}

/** The outputs of a resource's stages, later ones over earlier ones. */
function stageOutputs(run: Run, { stages }: CompiledContainer): JsonObject {
  const merged: JsonObject = {};
  for (const stage of stages) {
    const output = readOutput(run, atomAt(run, stage));
    if (isJsonObject(output)) Object.assign(merged, output);
  }
  return merged;
}

function subflowOutput(run: Run, container: CompiledContainer): JsonObject | undefined {
  if (run.progress.passed[container.exit] !== 1) return undefined;
  const { inner } = container;
  if (inner === null) return undefined;
  const outputs: JsonObject = {};
  for (const output of container.outputs) {
    const value = resolveBinding(run, inner, output);
    if (value !== undefined) outputs[output.name] = value;
  }
  return outputs;
}

/** The output of a for-each or loop inside its own body. */
function insideOf(run: Run, iteration: IterationScope, path: string): JsonObject {
  const container = run.flow.containers[iteration.container];
  if (container?.item?.pattern === 'for_each') {
    const place = lookUp(run.flow.containers, container.iterations[iteration.iteration])?.place ?? null;
    return { element: place === null ? null : (elementsOf(run, container.each)[place] ?? null), index: place };
  }
  const wanted = path.split('.')[0];
  const hasPrevious = iteration.iteration > 0 && (wanted === '' || wanted === 'previous') && container !== undefined;
  return { round: iteration.iteration, previous: hasPrevious ? itemsOf(run, container, slotOf(iteration.iteration - 1)) : null };
}

function resultsOf(run: Run, container: CompiledContainer): Json[] {
  const collect = container.item?.forEach?.collect;
  return (container.slots?.listed ?? []).map((slot) => {
    if (collect === undefined) return itemsOf(run, container, slot);
    const scope = lookUp(run.flow.containers, container.iterations[slot])?.scope;
    return (scope && outputOf(run, scope, { item: collect, path: '' })) ?? null;
  });
}

/** Outputs of the items of one iteration, by id. */
function itemsOf(run: Run, container: CompiledContainer, slot: Slot): JsonObject {
  const scope = lookUp(run.flow.containers, container.iterations[slot])?.scope;
  const outputs: JsonObject = {};
  if (scope === undefined) return outputs;
  for (const { item, iterated } of scope.plan.items.values()) {
    if (item.kind === 'flow' || iterated.at(-1) !== scope.id) continue;
    const output = outputOf(run, scope, { item: item.id, path: '' });
    if (output !== undefined) outputs[item.id] = output;
  }
  return outputs;
}

function atPath(value: Json | undefined, path: string): Json | undefined {
  if (path === '') return value;
  let at = value;
  for (const step of path.split('.')) {
    if (Array.isArray(at)) at = at[Number(step)];
    else if (isJsonObject(at) && Object.hasOwn(at, step)) at = at[step];
    else return undefined;
  }
  return at;
}
