// The flow definition: the document that the designer edits and that a published version freezes.
// Ids are stable, never reused, and valid as names in a CEL expression (`outputs.make_folder.path`).
import { z } from 'zod';
import type { Json } from '../json.ts';

export const SCHEMA_VERSION = 1;
/** Largest number of items in one definition, nested items included. */
export const MOST_ITEMS = 100_000;
/** Deepest nesting of containers. */
export const MOST_DEPTH = 32;
/** Limit of attempts for a retry with an expression that names no limit. */
export const MOST_ATTEMPTS = 1_000;

const json: z.ZodType<Json> = z.json();
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, {
  error: ({ input }) => `"${String(input).slice(0, 80)}" must be letters, digits and _, starting with a letter, at most 64`,
});
const name = z.string().trim().min(1, 'must not be empty').max(200);
const position = z.strictObject({ x: z.number(), y: z.number() });

const singleBindings = [
  z.strictObject({ from: z.literal('input'), name: z.string().min(1) }),
  z.strictObject({ from: z.literal('output'), item: id, path: z.string().default('') }),
  /** The caught failure of an item with links on failure: `code`, `message`, `atom`, `data` (P11). */
  z.strictObject({ from: z.literal('failure'), item: id, path: z.string().default('') }),
  z.strictObject({ from: z.literal('secret'), name: z.string().min(1) }),
  z.strictObject({ from: z.literal('expression'), cel: z.string().max(10_000) }),
  z.strictObject({ from: z.literal('constant'), value: json }),
] as const;
/** Largest number of alternatives of one binding. */
const MOST_ALTERNATIVES = 32;

export const bindingSchema = z.discriminatedUnion('from', [
  ...singleBindings,
  /** The first alternative, in this order, that was not ignored (S6). An alternative has no alternatives of its own. */
  z.strictObject({ from: z.literal('first'), of: z.array(z.discriminatedUnion('from', singleBindings)).min(1).max(MOST_ALTERNATIVES) }),
]);

export const revertPolicySchema = z.strictObject({
  /** Number of attempts of a revert before the run asks a person (R7). */
  attempts: z.int().min(1).max(100).default(3),
  /** Delay before the second attempt, doubled for each further attempt. */
  delayMs: z.int().min(0).max(3_600_000).default(500),
});

/** Longest delay or time limit: 366 days. */
const LONGEST_MS = 366 * 86_400_000;
const milliseconds = z.int().min(0).max(LONGEST_MS);
/** A CEL expression (S1, S5). */
const cel = z.string().min(1).max(10_000);

/** The decision of a retry when something in its container fails (R1). */
export const retryStrategySchema = z.discriminatedUnion('kind', [
  /** Declines at once: the retry of the container around is asked. */
  z.strictObject({ kind: z.literal('always_revert') }),
  /** Declines at once: the whole run reverts. */
  z.strictObject({ kind: z.literal('always_revert_all') }),
  /** Its value is the number of the attempt, from 1. `attempts` includes the first one. */
  z.strictObject({ kind: z.literal('times'), attempts: z.int().min(0).max(10_000), revertAll: z.boolean().default(false) }),
  /** One attempt with each value. */
  z.strictObject({ kind: z.literal('for_each'), values: z.array(json).max(10_000), revertAll: z.boolean().default(false) }),
  /** Like for_each, over a list that is known only when the container begins. */
  z.strictObject({ kind: z.literal('parameterised'), values: bindingSchema, revertAll: z.boolean().default(false) }),
  /**
   * Gives "RETRY", "REVERT" or "REVERT_ALL", or {decision, value}; has `retry.attempt`, `retry.failure` and `retry.history`.
   * `attempts` includes the first one. It is required to publish; MOST_ATTEMPTS applies to an older version without it.
   */
  z.strictObject({ kind: z.literal('expression'), cel, first: json.default(null), attempts: z.int().min(1).max(10_000).optional() }),
]);

/** A controller on a container, or on one task, that decides what happens after a failure inside it. */
export const retrySchema = z.strictObject({
  /** Other items may bind to its output: `value` and `attempt`. */
  id,
  strategy: retryStrategySchema,
  /** Delay before the next attempt; durable. */
  delayMs: milliseconds.default(0),
  /** Factor by which the delay grows from one attempt to the next. */
  backoff: z.number().min(1).max(10).default(1),
  maxDelayMs: milliseconds.optional(),
  /** Random share of the delay that may be subtracted, 0 to 1. */
  jitter: z.number().min(0).max(1).default(0),
  /** No attempt begins later than this time after the first attempt began. */
  timeLimitMs: milliseconds.min(1).optional(),
  /** Only failures with these codes are retried; absent means all codes. */
  onlyCodes: z.array(z.string()).optional(),
  /** Failures with these codes are never retried. */
  exceptCodes: z.array(z.string()).optional(),
});

/**
 * How an item combines its incoming links (P4). `all` waits for all links, and with one "no" the item is ignored. `any`
 * runs once, as soon as one link is satisfied. `live` waits for every link that is not dead and needs one satisfied link.
 */
export const JOINS = ['all', 'any', 'live'] as const;
const join = z.enum(JOINS).optional();
const common = { id, name, note: z.string().max(10_000).optional(), position: position.optional() };

export const taskItemSchema = z.strictObject({
  kind: z.literal('task'),
  ...common,
  type: z.string().min(1).max(200),
  typeVersion: z.int().min(1).default(1),
  /** Constants by input name. */
  parameters: z.record(z.string(), json).default({}),
  /** All other inputs by input name; a binding takes precedence over a parameter of the same name. */
  bindings: z.record(z.string(), bindingSchema).default({}),
  priority: z.int().min(-1000).max(1000).default(0),
  revertPolicy: revertPolicySchema.optional(),
  /** A retry around this one task (R3). */
  retry: retrySchema.optional(),
  /** Time limit of one attempt (A5). */
  timeLimitMs: milliseconds.min(1).optional(),
  join,
});

/** Another published flow as one item, pinned to a version (P8). Its parameters and bindings are the inputs of that flow. */
export const subflowItemSchema = z.strictObject({
  kind: z.literal('subflow'),
  ...common,
  flow: z.string().min(1),
  version: z.int().min(1),
  parameters: z.record(z.string(), json).default({}),
  bindings: z.record(z.string(), bindingSchema).default({}),
  retry: retrySchema.optional(),
  join,
});

/** The reach of a decider's "no" (P5). */
export const DECIDER_DEPTHS = ['all', 'flow', 'neighbours', 'atom'] as const;

export const linkSchema = z.strictObject({
  id,
  from: id,
  to: id,
  /** A condition, true or false, over the variables of the source and its output. On a link that goes back: another round? */
  decider: cel.optional(),
  /** Absent means `all`. */
  depth: z.enum(DECIDER_DEPTHS).optional(),
  /**
   * Set on a link on failure: after its source failed for good, the source is reverted and the target begins (P11).
   * Its condition has `failure`.
   */
  onFailure: z.literal(true).optional(),
  /** Set on a link that goes back: largest number of rounds (P7). */
  again: z.strictObject({ limit: z.int().min(1).max(10_000) }).optional(),
});

export const PATTERN_NAMES = ['linear', 'unordered', 'graph', 'for_each', 'loop'] as const;

/** The way in which a container is undone as a whole (R8). */
export const containerRevertSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('each') }),
  /** One task that undoes the whole container when it was complete; it can bind to any output inside. */
  z.strictObject({
    mode: z.literal('task'),
    id,
    type: z.string().min(1).max(200),
    typeVersion: z.int().min(1).default(1),
    parameters: z.record(z.string(), json).default({}),
    bindings: z.record(z.string(), bindingSchema).default({}),
  }),
  z.strictObject({ mode: z.literal('none'), reason: z.string().trim().min(1).max(2_000) }),
]);

const flowFields = {
  kind: z.literal('flow'),
  ...common,
  pattern: z.enum(PATTERN_NAMES),
  /** Orderings between direct children; only a graph has them. */
  links: z.array(linkSchema).default([]),
  /** Largest number of children or iterations at once. Absent: all children of an unordered container, one iteration of a for-each. */
  limit: z.int().min(1).max(10_000).optional(),
  /**
   * Of a for-each: `list` is the list; the body runs once per element (P6). `collect` names the item whose outputs
   * are collected. `key`, CEL over `element`, identifies an element in a later list; absent: the element's whole JSON does.
   */
  forEach: z.strictObject({ list: bindingSchema, collect: id.optional(), key: cel.optional() }).optional(),
  /** Of a loop: the condition for another round, evaluated after each round, and the largest number of rounds (P7). */
  loop: z.strictObject({ again: cel, limit: z.int().min(1).max(10_000) }).optional(),
  retry: retrySchema.optional(),
  revert: containerRevertSchema.optional(),
  join,
};

export type Binding = z.output<typeof bindingSchema>;
/** A binding without alternatives. */
export type SingleBinding = Exclude<Binding, { from: 'first' }>;
export type TaskItem = z.output<typeof taskItemSchema>;
export type SubflowItem = z.output<typeof subflowItemSchema>;
export type FlowLink = z.output<typeof linkSchema>;
export type Join = (typeof JOINS)[number];
export type DeciderDepth = (typeof DECIDER_DEPTHS)[number];
export type PatternName = (typeof PATTERN_NAMES)[number];
export type RetryPolicy = z.output<typeof retrySchema>;
export type RetryStrategy = z.output<typeof retryStrategySchema>;
export type ContainerRevert = z.output<typeof containerRevertSchema>;
/** A container: items and the pattern that orders them. */
export interface FlowItem extends z.output<z.ZodObject<typeof flowFields>> {
  items: Item[];
}
export type Item = TaskItem | FlowItem | SubflowItem;

export const flowItemSchema: z.ZodType<FlowItem> = z.strictObject({
  ...flowFields,
  get items(): z.ZodType<Item[]> {
    return z.array(z.lazy(() => itemSchema));
  },
});
export const itemSchema: z.ZodType<Item> = z.lazy(() => z.union([taskItemSchema, flowItemSchema, subflowItemSchema]));

export const flowDefinitionSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  name,
  description: z.string().max(10_000).optional(),
  /** JSON Schema of the flow's inputs: an object with properties. */
  inputs: z.record(z.string(), json).default({ type: 'object', properties: {} }),
  /** The flow's own outputs, bound like inputs and evaluated when the run succeeds. */
  outputs: z.record(z.string(), bindingSchema).default({}),
  /** After a failure: revert the whole run, or hold until a person decides (R10). */
  onFailure: z.enum(['revert', 'hold']).default('revert'),
  /** After a failure, abort the tasks that still run instead of waiting for them (R5). */
  abortOnFailure: z.boolean().default(false),
  /** Deadline of a run, from its start (A5). */
  timeLimitMs: milliseconds.min(1).optional(),
  root: flowItemSchema,
});

/** A flow definition. */
export type FlowDefinition = z.output<typeof flowDefinitionSchema>;

/** The JSON Schema of flow definitions, which the server gives at /flow.schema.json. */
export function flowDefinitionJsonSchema(): object {
  return z.toJSONSchema(flowDefinitionSchema, { io: 'input', unrepresentable: 'any' });
}

/** Does the item need only one satisfied link to run? */
export function needsOne({ join: joined }: { readonly join?: Join | undefined }): boolean {
  return joined === 'any' || joined === 'live';
}
