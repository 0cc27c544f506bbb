// Which inputs of a job can be searched: scalars at the top of them, by exact value.
import { type Json, type JsonObject, type JsonSchema, isJsonObject } from '../../json.ts';

/** Longer ones are kept in the logbook alone. */
export const SEARCHED_INPUT_LENGTH = 200;
/** Of one job. */
const MOST_INPUTS = 50;

/**
 * Names and values as text, as they are searched. Inputs hold no secrets: those are bound by name and are fetched when a
 * task is called. What a flow calls a password all the same is `unsearched`.
 */
export function searchedInputs(
  inputs: JsonObject,
  unsearched: readonly string[] = [],
): { readonly name: string; readonly value: string }[] {
  const found: { name: string; value: string }[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    if (found.length === MOST_INPUTS) break;
    if (value === null || typeof value === 'object' || unsearched.includes(name)) continue;
    const text = String(value);
    if (text.length <= SEARCHED_INPUT_LENGTH && name.length <= SEARCHED_INPUT_LENGTH) found.push({ name, value: text });
  }
  return found;
}

/** Inputs that their schema calls a password or says are only to be written. */
export function unsearchedInputs(schema: JsonSchema): string[] {
  const properties = schema['properties'];
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => (isHidden(property) ? [name] : []));
}

function isHidden(property: Json): boolean {
  return isJsonObject(property) && (property['writeOnly'] === true || property['format'] === 'password');
}
