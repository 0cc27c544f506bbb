// Bindings: the item that a binding names exists and has certainly finished before (S1, S2).
import { type JsonObject, isJsonObject } from '../../json.ts';
import type { DescriptorLookup, TaskDescriptor } from '../../task/task.ts';
import { type Alternatives, alwaysTaken, coversEveryWay, isCaughtBefore } from './check-alternatives.ts';
import { takesMore } from './check-parameters.ts';
import { type References, parseExpression } from '../expression.ts';
import { failureLinksFrom } from './failure-ways.ts';
import type { Problem } from './problem.ts';
import { mayBeIgnoredBefore } from './ignorable.ts';
import type { Binding, FlowDefinition, FlowItem, Item } from '../schema.ts';
import { type Use as DefinedUse, type Placed, isIterated, relate, usesOf } from '../tree.ts';

interface Scene {
  readonly inputs: JsonObject;
  readonly byId: ReadonlyMap<string, Placed>;
  /** Items by the id of their retry or of their own revert. */
  readonly controls: ReadonlyMap<string, Placed>;
  /** Ids of links that go back. */
  readonly backLinks: ReadonlySet<string>;
  readonly find: DescriptorLookup;
}

export function checkBindings(definition: FlowDefinition, placed: readonly Placed[], find: DescriptorLookup): Problem[] {
  const properties = definition.inputs['properties'];
  const scene: Scene = {
    inputs: isJsonObject(properties) ? properties : {},
    byId: new Map(placed.map((one) => [one.item.id, one])),
    controls: new Map(placed.flatMap((one) => controlsOf(one.item).map((id) => [id, one] as const))),
    backLinks: new Set(
      placed.flatMap(({ item }) => (item.kind === 'flow' ? item.links.flatMap(({ id, again }) => (again === undefined ? [] : [id])) : [])),
    ),
    find,
  };
  const inItems = placed.flatMap((user) =>
    usesOf(user.item).flatMap(({ field, binding, at, before, sees }) => {
      const target = at === 'link' ? (scene.byId.get(before) ?? user) : user;
      return checkBinding(scene, { binding, field, user: target, owner: user.item, isInside: at === 'inside', sees });
    }),
  );
  const ofFlow = Object.entries(definition.outputs).flatMap(([field, binding]) =>
    checkBinding(scene, { binding, field, user: null, owner: null, isInside: false, sees: {} }),
  );
  return [...inItems, ...ofFlow];
}

/** Ids of an item's retry and of a container's own revert. */
function controlsOf(item: Item): string[] {
  const retry = item.retry === undefined ? [] : [item.retry.id];
  return item.kind === 'flow' && item.revert?.mode === 'task' ? [...retry, item.revert.id] : retry;
}

interface Use {
  readonly binding: Binding;
  readonly field: string;
  /** The item that uses the binding; null for an output of the flow itself, which is taken when all items have finished. */
  readonly user: Placed | null;
  /** The item that holds the binding in the definition. */
  readonly owner: Item | null;
  /** The binding is evaluated after the items inside its container have run. */
  readonly isInside: boolean;
  readonly sees: DefinedUse['sees'];
  /** The binding is one of several alternatives, so it may have been ignored: another alternative is used then. */
  readonly isAlternative?: boolean;
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
    case 'failure':
      return checkFailure(scene, use, { item: binding.item, field: binding.path === '' ? null : (binding.path.split('.')[0] ?? null) });
    case 'expression': {
      const parsed = referencesOf(binding.cel, use.sees);
      if (typeof parsed === 'string') {
        return [problem(use, 'EXPRESSION_INVALID', `The expression of "${use.field}" cannot be read: ${parsed}`)];
      }
      return [
        ...parsed.inputs.flatMap((name) => checkInput(scene, use, name)),
        ...parsed.outputs.flatMap((output) => checkOutput(scene, use, output)),
        ...parsed.failures.flatMap((failure) => checkFailure(scene, use, failure)),
      ];
    }
    case 'first':
      return [
        ...binding.of.flatMap((one) => checkBinding(scene, { ...use, binding: one, isAlternative: true })),
        ...checkAlternatives(scene, use, binding),
      ];
  }
}

/** S6: every alternative can be used, and a required input always has an alternative with a value. */
function checkAlternatives(scene: Scene, use: Use, binding: Alternatives): Problem[] {
  const last = alwaysTaken(binding);
  if (last !== null) {
    const message = `The ${last.from} of "${use.field}" always has a value, so the alternatives after it are never used. Move the ${last.from} to the end.`;
    return [problem(use, 'BINDING_NEVER_USED', message)];
  }
  const { user } = use;
  if (user === null || !isRequired(use, scene.find) || coversEveryWay(binding, user, scene.byId)) return [];
  const message = `"${use.field}" is needed, but all of its alternatives may be ignored while this item runs. Add an alternative for every way, or a constant as the last one.`;
  return [problem(use, 'BINDING_MAY_BE_IGNORED', message)];
}

function referencesOf(cel: string, sees: DefinedUse['sees']): References | string {
  try {
    return parseExpression(cel, sees).references;
  } catch (thrown) {
    const [why = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    return /[.!?]$/.test(why) ? why : `${why}.`;
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
  const controlled = scene.controls.get(output.item);
  if (controlled !== undefined) return checkControl(controlled, use, output.item);
  if (scene.backLinks.has(output.item)) return checkLoopField(output.item, use, output.field);
  const used = scene.byId.get(output.item);
  if (used === undefined || (used.item.kind === 'flow' && !isIterated(used.item))) {
    return [problem(use, 'BINDING_ITEM_UNKNOWN', `"${use.field}" uses the output of "${output.item}", which is not a task of this flow.`)];
  }
  if (used.item.kind === 'flow' && isAround(used.item, use)) return checkInsideField(used.item, use, output.field);
  const hidden = used.within.find((container) => container.pattern === 'for_each' && !isAround(container, use));
  if (hidden !== undefined) {
    const message = `"${use.field}" uses "${used.item.name}", which runs once per element of "${hidden.name}". Use the results of "${hidden.name}" instead.`;
    return [problem(use, 'BINDING_NOT_BEFORE', message)];
  }
  return [
    ...checkOrder(used, use),
    ...checkIgnored(used, use, scene.find),
    ...checkField(used.item, use, { field: output.field, find: scene.find }),
  ];
}

const FAILURE_FIELDS = ['code', 'message', 'atom', 'data'];

/** P11: the failure of an item has a value for the items after it, if a link on failure leaves the item. */
function checkFailure(scene: Scene, use: Use, { item, field }: { readonly item: string; readonly field: string | null }): Problem[] {
  const used = scene.byId.get(item);
  const container = used?.within.at(-1);
  if (used === undefined || container === undefined)
    return [problem(use, 'BINDING_ITEM_UNKNOWN', `"${use.field}" uses the failure of "${item}", which is not an item of this flow.`)];
  if (failureLinksFrom(container, item).length === 0) {
    const message = `"${use.field}" uses the failure of "${used.item.name}", but no link on failure leaves that item, so its failure is never caught. Draw such a link, or remove the binding.`;
    return [problem(use, 'BINDING_NEVER_USED', message)];
  }
  if (used.within.some((one) => one.pattern === 'for_each' && !isAround(one, use)))
    return [
      problem(
        use,
        'BINDING_NOT_BEFORE',
        `"${use.field}" uses the failure of "${used.item.name}", which is only known inside its iteration.`,
      ),
    ];
  if (field !== null && !FAILURE_FIELDS.includes(field))
    return [problem(use, 'BINDING_OUTPUT_UNKNOWN', `A failure has no "${field}"; it has ${FAILURE_FIELDS.join(', ')}.`)];
  const order = checkOrder(used, use);
  const { user } = use;
  if (order.length > 0 || user === null || use.isAlternative || use.binding.from !== 'failure') return order;
  if (!isRequired(use, scene.find) || isCaughtBefore(item, user, scene.byId)) return [];
  const message = `"${use.field}" needs the failure of "${used.item.name}", but this item also runs when no failure was caught there. Let only links on failure lead here, or use the first of several.`;
  return [problem(use, 'BINDING_MAY_BE_IGNORED', message)];
}

/** A link that goes back is a loop; bindings use its rounds by the id of the link. */
function checkLoopField(loop: string, use: Use, field: string | null): Problem[] {
  if (field === null || ['round', 'previous', 'rounds'].includes(field)) return [];
  return [problem(use, 'BINDING_OUTPUT_UNKNOWN', `The loop "${loop}" gives round and previous inside, and rounds outside.`)];
}

/** The value of a retry exists only inside the retry's container. */
function checkControl(controlled: Placed, use: Use, id: string): Problem[] {
  if (controlled.item === use.user?.item || (controlled.item.kind === 'flow' && isAround(controlled.item, use))) return [];
  return [problem(use, 'BINDING_NOT_BEFORE', `"${use.field}" uses "${id}", which exists only inside "${controlled.item.name}".`)];
}

function checkInsideField(container: FlowItem, use: Use, field: string | null): Problem[] {
  const known = container.pattern === 'for_each' ? ['element', 'index'] : ['round', 'previous'];
  if (field !== null && known.includes(field)) return [];
  return [problem(use, 'BINDING_OUTPUT_UNKNOWN', `Inside "${container.name}" it gives ${known.join(' and ')}; name one of them.`)];
}

function isAround(container: FlowItem, { user, owner, isInside }: Use): boolean {
  return (user?.within.includes(container) ?? false) || (isInside && owner === container);
}

function checkOrder(used: Placed, use: Use): Problem[] {
  if (use.user === null) return [];
  if (use.isInside && use.owner?.kind === 'flow' && used.within.includes(use.owner)) return [];
  const relation = relate(used, use.user);
  const name = used.item.name;
  switch (relation.kind) {
    case 'before':
    case 'orders':
      return [];
    case 'around':
      return [problem(use, 'BINDING_NOT_BEFORE', `"${use.field}" uses the output of its own task, which does not exist yet.`)];
    case 'notBefore': {
      const why =
        relation.container.pattern === 'unordered'
          ? `"${relation.container.name}" runs them side by side. Make it linear or a graph`
          : `it comes later in "${relation.container.name}". Move it before this task`;
      return [problem(use, 'BINDING_NOT_BEFORE', `"${use.field}" uses the output of "${name}", but ${why}.`)];
    }
  }
}

/** S2: an output that may have been ignored while its user runs can feed only an input that may be absent. */
function checkIgnored(used: Placed, use: Use, find: DescriptorLookup): Problem[] {
  const { user } = use;
  if (user === null || use.isAlternative || use.binding.from !== 'output' || !mayBeIgnoredBefore(used, user)) return [];
  if (!isRequired(use, find)) return [];
  const message = `"${use.field}" needs the output of "${used.item.name}", which may be ignored after a condition or a caught failure while this item runs. Let the condition ignore all items after it too, or use the first of several.`;
  return [problem(use, 'BINDING_MAY_BE_IGNORED', message)];
}

/** Is the binding for a required input of a task? */
function isRequired({ user, owner, field }: Use, find: DescriptorLookup): boolean {
  const task = user?.item;
  if (task?.kind !== 'task' || owner !== task) return false;
  const required = find(task.type, task.typeVersion)?.input['required'];
  return Array.isArray(required) && required.includes(field);
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
  const item = use.owner?.id ?? null;
  return {
    item,
    code,
    severity: 'error',
    field: use.field,
    message,
    ...(item === null ? {} : { fix: { kind: 'removeBinding', item, field: use.field, label: `Unbind "${use.field}"` } }),
  };
}
