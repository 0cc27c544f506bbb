// The inputs of a job that a search can find: scalar inputs, by exact value.
import { type Json, type JsonObject, type JsonSchema, isJsonObject } from '../../json.ts';

/** Longer values are stored only in the logbook. */
export const SEARCHED_INPUT_LENGTH = 200;
/** Largest number of searched inputs of one job. */
const MOST_INPUTS = 50;

/**
 * Names and values of searched inputs, as text. Inputs hold no secrets: those are bound by name and read when a task is
 * called. Inputs that the flow's schema marks as passwords are listed in `unsearched`.
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

/** Inputs that their schema marks as a password or as write-only. */
export function unsearchedInputs(schema: JsonSchema): string[] {
  const properties = schema['properties'];
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => (isHidden(property) ? [name] : []));
}

function isHidden(property: Json): boolean {
  return isJsonObject(property) && (property['writeOnly'] === true || property['format'] === 'password');
}
