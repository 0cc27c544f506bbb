import { isJsonObject, type Json, type JsonObject } from '@windlass/engine/definition';

/** The value if it is a JSON object; else an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}
