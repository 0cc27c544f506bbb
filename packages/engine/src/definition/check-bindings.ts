// Bindings: that what they name is there, and is certainly finished before (SEMANTICS S1, S2).
import { type JsonObject, isJsonObject } from '../json.ts';
import type { DescriptorLookup, TaskDescriptor } from '../task.ts';
import { takesMore } from './check-parameters.ts';
import { type References, parseExpression } from './expression.ts';
import type { Problem } from './problem.ts';
import type { Binding, FlowDefinition, Item, TaskItem } from './schema.ts';
import { type Placed, relate } from './tree.ts';

interface Scene {
  readonly inputs: JsonObject;
  readonly byId: ReadonlyMap<string, Placed>;
  readonly find: DescriptorLookup;
}

export function checkBindings(definition: FlowDefinition, placed: readonly Placed[], find: DescriptorLookup): Problem[] {
  const properties = definition.inputs['properties'];
  const scene: Scene = {
    inputs: isJsonObject(properties) ? properties : {},
    byId: new Map(placed.map((one) => [one.item.id, one])),
    find,
  };
  const inItems = placed.flatMap(({ item, within }) =>
    item.kind !== 'task'
      ? []
      : Object.entries(item.bindings).flatMap(([field, binding]) => checkBinding(scene, { binding, field, user: { item, within } })),
  );
  const ofFlow = Object.entries(definition.outputs).flatMap(([field, binding]) => checkBinding(scene, { binding, field, user: null }));
  return [...inItems, ...ofFlow];
}

interface Use {
  readonly binding: Binding;
  readonly field: string;
  /** Null for an output of the flow itself, which is taken when everything is finished. */
  readonly user: Placed<TaskItem> | null;
}

function checkBinding(scene: Scene, use: Use): Problem[] {
  const { binding } = use;
  switch (binding.from) {
    case 'constant':
    case 'secret':
      return [];
    case 'input':
      return checkInput(scene, use, binding.name);
    case 'output':
      return checkOutput(scene, use, { item: binding.item, field: binding.path === '' ? null : (binding.path.split('.')[0] ?? null) });
    case 'expression': {
      const parsed = referencesOf(binding.cel);
      if (typeof parsed === 'string') {
        return [problem(use, 'EXPRESSION_INVALID', `The expression of "${use.field}" cannot be read: ${parsed}`)];
      }
      return [
        ...parsed.inputs.flatMap((name) => checkInput(scene, use, name)),
        ...parsed.outputs.flatMap((output) => checkOutput(scene, use, output)),
      ];
    }
  }
}

function referencesOf(cel: string): References | string {
  try {
    return parseExpression(cel).references;
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? thrown.message) : String(thrown);
  }
}

function checkInput(scene: Scene, use: Use, name: string): Problem[] {
  if (Object.hasOwn(scene.inputs, name)) return [];
  return [
    problem(
      use,
      'BINDING_INPUT_UNKNOWN',
      `"${use.field}" uses the flow input "${name}", which the flow does not have. Add it, or choose another.`,
    ),
  ];
}

function checkOutput(scene: Scene, use: Use, output: { readonly item: string; readonly field: string | null }): Problem[] {
  const used = scene.byId.get(output.item);
  if (used === undefined || used.item.kind !== 'task') {
    return [problem(use, 'BINDING_ITEM_UNKNOWN', `"${use.field}" uses the output of "${output.item}", which is not a task of this flow.`)];
  }
  return [...checkOrder(used, use), ...checkField(used.item, use, { field: output.field, find: scene.find })];
}

function checkOrder(used: Placed, use: Use): Problem[] {
  if (use.user === null) return [];
  const relation = relate(used, use.user);
  const name = used.item.name;
  switch (relation.kind) {
    case 'before':
    case 'orders':
      return [];
    case 'around':
      return [problem(use, 'BINDING_NOT_BEFORE', `"${use.field}" uses its own task's output, which is not there yet.`)];
    case 'notBefore': {
      const why =
        relation.container.pattern === 'linear'
          ? `it comes later in "${relation.container.name}". Move it before this task`
          : `"${relation.container.name}" runs them side by side. Make it linear or a graph`;
      return [problem(use, 'BINDING_NOT_BEFORE', `"${use.field}" uses the output of "${name}", but ${why}.`)];
    }
  }
}

function checkField(used: Item, use: Use, { field, find }: { field: string | null; find: DescriptorLookup }): Problem[] {
  if (used.kind !== 'task' || field === null) return [];
  const descriptor: TaskDescriptor | undefined = find(used.type, used.typeVersion);
  const properties = descriptor?.output['properties'];
  if (descriptor === undefined || !isJsonObject(properties) || Object.hasOwn(properties, field) || takesMore(descriptor.output)) return [];
  const known = Object.keys(properties).join(', ');
  return [problem(use, 'BINDING_OUTPUT_UNKNOWN', `"${used.name}" gives no "${field}"; it gives ${known}.`)];
}

function problem(use: Use, code: Problem['code'], message: string): Problem {
  const item = use.user?.item.id ?? null;
  return {
    item,
    code,
    severity: 'error',
    field: use.field,
    message,
    ...(item === null ? {} : { fix: { kind: 'removeBinding', item, field: use.field, label: `Unbind "${use.field}"` } }),
  };
}
