/** A value that JSON can store: inputs, outputs, parameters and failures consist of these. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object, such as the inputs or the output of one atom. */
export type JsonObject = { [key: string]: Json };

/** A JSON Schema document, as task types and flow inputs publish it. */
export type JsonSchema = { [key: string]: Json };

/** The member with that name; undefined when it is absent, also for names that every JavaScript object inherits. */
export function memberOf<T>(object: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** True for an object without members. */
export function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Is the value a plain JSON object? False for null, arrays and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
