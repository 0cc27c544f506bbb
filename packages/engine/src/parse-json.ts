// Parses JSON by a zod schema. zod uses `name in value`, so it would find an absent member called `constructor` or `toString`
// in Object.prototype. Objects without a prototype have only their own members.
// Refinements and transforms are code of a type's author: one that throws, or answers with a promise, is an issue like any other.
import { z } from 'zod';
import type { Json, JsonSchema } from './json.ts';
import { wordsOf } from './failure/thrown.ts';

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));
const known = new WeakMap<z.ZodType, boolean>();

/**
 * Like `safeParse`, with inherited members counted as absent. Never throws: an error of the schema's own code is an issue without
 * a path. The first call for a schema also searches the schema.
 */
export function parseJson<Schema extends z.ZodType>(schema: Schema, value: unknown): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(namesInherited(schema) ? bare(value) : value);
  } catch (thrown) {
    const error = new z.ZodError([{ code: 'custom', path: [], message: faultOf(thrown), input: value }]);
    return { success: false, error: error as z.ZodError<z.output<Schema>> };
  }
}

/** Like `parse`; throws a ZodError. */
export function demandJson<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const { success, data, error } = parseJson(schema, value);
  if (success) return data;
  throw error;
}

function faultOf(thrown: unknown): string {
  if (thrown instanceof z.core.$ZodAsyncError) return 'the schema is asynchronous, and only a synchronous schema can be checked';
  return `the schema threw an error: ${wordsOf(thrown, (text) => text).replace(/\.$/, '')}`;
}

/** Only schemas with a field of such a name need the copy of the input; the others are spared its cost. */
function namesInherited(schema: z.ZodType): boolean {
  const answer = known.get(schema);
  if (answer !== undefined) return answer;
  const found = mentions(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  known.set(schema, found);
  return found;
}

function mentions(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(
    ([keyword, inner]) => (keyword === 'properties' && Object.keys(inner as object).some((name) => INHERITED.has(name))) || mentions(inner),
  );
}

/** A copy in which no object has a prototype. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  const isPlain = typeof value === 'object' && value !== null && isPlainPrototype(Object.getPrototypeOf(value));
  if (!isPlain) return value;
  const copy: { [name: string]: Json } = Object.create(null);
  for (const [name, inner] of Object.entries(value)) copy[name] = bare(inner) as Json;
  return copy;
}

function isPlainPrototype(prototype: unknown): boolean {
  return prototype === Object.prototype || prototype === null;
}
