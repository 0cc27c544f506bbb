import { z } from 'zod';
import { type EffectsRule, defaultsOf } from './effects.ts';
import { EngineError } from '../errors.ts';
import { TaskError } from '../failure/failure.ts';
import type { JsonObject, JsonSchema } from '../json.ts';
import { demandJson, parseJson } from '../parse-json.ts';
import type { TaskCatalog, TaskDescriptor, TaskSpec, TaskType, Undo } from './task.ts';

/**
 * Makes a task type. `input` parses the inputs before `apply` is called, and an input that does not fit fails with
 * INPUT_INVALID. `output` parses outputs before they are recorded. Throws DEFINITION_INVALID when a type that says it is
 * reversible has no revert (R9).
 */
export function defineTask<I extends z.ZodObject, O extends z.ZodObject, World = unknown>(spec: TaskSpec<I, O, World>): TaskType<World> {
  if (mayBeReversible(spec.effects) && spec.revert === undefined) {
    throw new EngineError(
      'DEFINITION_INVALID',
      `Task type ${spec.type} says that its effect can be undone but has no revert. Give it a revert, or state why it is irreversible.`,
    );
  }
  const { apply, revert, probe, probeRevert, check, hindrance, waits } = spec;
  const undo = (value: Undo<JsonObject, JsonObject>) => ({
    input: demandJson(spec.input, value.input),
    output: value.output === undefined ? undefined : demandJson(spec.output, value.output),
    failure: value.failure,
    ...(value.drift === undefined ? {} : { drift: value.drift }),
  });
  return {
    type: spec.type,
    version: spec.version,
    title: spec.title,
    summary: spec.summary,
    icon: spec.icon,
    group: spec.group,
    input: spec.input,
    output: spec.output,
    defaults: defaultsOf(inputSchemaOf(spec.input)),
    effects: spec.effects,
    repeatable: spec.repeatable,
    revertRepeatable: spec.revertRepeatable ?? true,
    apply: (input, context) => apply.call(spec, fitting(spec.input, input), context),
    revert: revert && ((value, context) => revert.call(spec, undo(value), context)),
    probe: probe && ((input, context) => probe.call(spec, demandJson(spec.input, input), context)),
    probeRevert: probeRevert && ((value, context) => probeRevert.call(spec, undo(value), context)),
    check: check && ((value, context) => check.call(spec, undo(value), context)),
    mayEditOutput: spec.mayEditOutput ?? false,
    ...(spec.undoNeedsOutput === undefined ? {} : { undoNeedsOutput: spec.undoNeedsOutput }),
    ...(hindrance === undefined ? {} : { hindrance: (constants: JsonObject, world: World) => hindrance.call(spec, constants, world) }),
    waits: waits && ((input, now, wallTime) => waits.call(spec, demandJson(spec.input, input), now, wallTime)),
    stages: undefined,
    destroys: false,
    label: undefined,
  };
}

/** Parses again after secrets were filled in, because an input with a secret may no longer fit; apply was not called yet. */
function fitting<I extends z.ZodObject>(schema: I, input: JsonObject): z.output<I> {
  const { success, data, error } = parseJson(schema, input);
  if (success) return data;
  const [issue] = error.issues;
  const what = issue === undefined || issue.path.length === 0 ? 'The input' : `Input "${issue.path.join('.')}"`;
  throw new TaskError('INPUT_INVALID', `${what} does not fit: ${issue?.message ?? 'unknown'}.`, { nothingDone: true });
}

/** The descriptor of a type: its schemas as JSON Schema (draft 2020-12), nothing executable. */
export function describeTask(task: TaskType<never>): TaskDescriptor {
  return {
    type: task.type,
    version: task.version,
    title: task.title,
    summary: task.summary,
    icon: task.icon,
    group: task.group,
    input: inputSchemaOf(task.input),
    output: z.toJSONSchema(task.output, { io: 'output', unrepresentable: 'any' }) as JsonSchema,
    effects: task.effects,
    hasRevert: task.revert !== undefined,
    ...(task.check === undefined ? {} : { hasCheck: true }),
    ...(task.mayEditOutput ? { mayEditOutput: true } : {}),
    ...(task.undoNeedsOutput === undefined ? {} : { undoNeedsOutput: task.undoNeedsOutput }),
    ...(task.stages === undefined ? {} : { stages: task.stages, destroys: task.destroys }),
  };
}

function inputSchemaOf(input: z.ZodObject): JsonSchema {
  return z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Makes a catalog from a list of types; several versions of one type can be in it. */
export function catalogOf<World>(types: readonly TaskType<World>[]): TaskCatalog<World> {
  const byKey = new Map(types.map((task) => [`${task.type}@${task.version}`, task]));
  const newest = new Map<string, TaskType<World>>();
  for (const task of types) {
    const known = newest.get(task.type);
    if (known === undefined || known.version < task.version) newest.set(task.type, task);
  }
  const listed = [...newest.values()];
  return { find: (type, version) => byKey.get(`${type}@${version}`), list: () => listed };
}

/** Does any input give the task an effect that can be undone? */
export function mayBeReversible(rule: EffectsRule): boolean {
  if ('kind' in rule) return rule.kind === 'reversible';
  return [rule.otherwise, ...rule.cases.map((one) => one.effects)].some((effects) => effects.kind === 'reversible');
}
