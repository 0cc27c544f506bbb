// The flow definition: the document that the designer edits and that a published version freezes.
// Ids are words that a CEL expression can name (`outputs.make_folder.path`), stable and never reused.
import { z } from 'zod';
import type { Json } from '../json.ts';

export const SCHEMA_VERSION = 1;
/** Most items in one definition, nested ones included. */
export const MAX_ITEMS = 100_000;
/** Deepest nesting of containers. */
export const MAX_DEPTH = 32;

const json: z.ZodType<Json> = z.json();
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be letters, digits and _, starting with a letter, at most 64');
const name = z.string().trim().min(1, 'must not be empty').max(200);
const position = z.strictObject({ x: z.number(), y: z.number() });

export const bindingSchema = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('input'), name: z.string().min(1) }),
  z.strictObject({ from: z.literal('output'), item: id, path: z.string().default('') }),
  z.strictObject({ from: z.literal('secret'), name: z.string().min(1) }),
  z.strictObject({ from: z.literal('expression'), cel: z.string().max(10_000) }),
  z.strictObject({ from: z.literal('constant'), value: json }),
]);

export const revertPolicySchema = z.strictObject({
  /** How often a failing revert is tried before a person is asked (SEMANTICS R7). */
  attempts: z.int().min(1).max(100).default(3),
  /** Wait before the second attempt, doubled for each further one. */
  delayMs: z.int().min(0).max(3_600_000).default(500),
});

export const taskItemSchema = z.strictObject({
  kind: z.literal('task'),
  id,
  name,
  type: z.string().min(1).max(200),
  typeVersion: z.int().min(1).default(1),
  /** Constants by input name. */
  parameters: z.record(z.string(), json).default({}),
  /** Everything else by input name; a binding wins over a parameter of the same name. */
  bindings: z.record(z.string(), bindingSchema).default({}),
  priority: z.int().min(-1000).max(1000).default(0),
  revertPolicy: revertPolicySchema.optional(),
  note: z.string().max(10_000).optional(),
  position: position.optional(),
});

export const linkSchema = z.strictObject({ id, from: id, to: id });

export const PATTERN_NAMES = ['linear', 'unordered', 'graph'] as const;

const flowFields = {
  kind: z.literal('flow'),
  id,
  name,
  pattern: z.enum(PATTERN_NAMES),
  /** Orderings between direct children; only a graph has them. */
  links: z.array(linkSchema).default([]),
  /** Most children of an unordered container that run at once; absent means all. */
  limit: z.int().min(1).max(10_000).optional(),
  note: z.string().max(10_000).optional(),
  position: position.optional(),
};

export type Binding = z.output<typeof bindingSchema>;
export type TaskItem = z.output<typeof taskItemSchema>;
export type FlowLink = z.output<typeof linkSchema>;
export type PatternName = (typeof PATTERN_NAMES)[number];
export type RevertPolicy = z.output<typeof revertPolicySchema>;
/** A container: items and the pattern that orders them. */
export interface FlowItem extends z.output<z.ZodObject<typeof flowFields>> {
  items: Item[];
}
export type Item = TaskItem | FlowItem;

export const flowItemSchema: z.ZodType<FlowItem> = z.strictObject({
  ...flowFields,
  get items(): z.ZodType<Item[]> {
    return z.array(z.lazy(() => itemSchema));
  },
});
export const itemSchema: z.ZodType<Item> = z.lazy(() => z.union([taskItemSchema, flowItemSchema]));

export const flowDefinitionSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  name,
  description: z.string().max(10_000).optional(),
  /** JSON Schema of the flow's inputs: an object with properties. */
  inputs: z.record(z.string(), json).default({ type: 'object', properties: {} }),
  /** The flow's own outputs, bound like inputs, taken when the run succeeds. */
  outputs: z.record(z.string(), bindingSchema).default({}),
  /** What a failure does: wind everything back, or hold for a person to choose (R10). */
  onFailure: z.enum(['revert', 'hold']).default('revert'),
  root: flowItemSchema,
});

/** A flow definition. */
export type FlowDefinition = z.output<typeof flowDefinitionSchema>;

/** The JSON Schema that is published for flow definitions. */
export function flowDefinitionJsonSchema(): unknown {
  return z.toJSONSchema(flowDefinitionSchema, { io: 'input', unrepresentable: 'any' });
}
