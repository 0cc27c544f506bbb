// The effects of a task type (R9), as data, so that the browser and the server evaluate them alike.
import { type Json, type JsonObject, type JsonSchema, isJsonObject, memberOf } from '../json.ts';

/**
 * Whether apply has an effect, and whether that effect can be undone. Screens put both texts into sentences: `undo` completes
 * "Revert …" (`removes the file`), and `reason` is a clause after a colon (`the mail was sent`); neither ends with a full stop.
 */
export type Effects =
  | { readonly kind: 'none' }
  | { readonly kind: 'reversible'; readonly undo: string }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** One case of a type whose effects depend on its parameters; the first case whose condition holds applies. */
export interface EffectsCase {
  readonly when: { readonly field: string; readonly in?: readonly Json[]; readonly present?: true };
  readonly effects: Effects;
}

/** Fixed effects, or cases over constant parameters; `otherwise` applies when no case does, so it must be the cautious answer. */
export type EffectsRule = Effects | { readonly cases: readonly EffectsCase[]; readonly otherwise: Effects };

/** The defaults of an input schema: the value of each input that an item does not set. */
export function defaultsOf(schema: JsonSchema): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const given = Object.entries(properties).flatMap(([name, field]) =>
    isJsonObject(field) && field['default'] !== undefined ? [[name, field['default']] as const] : [],
  );
  return Object.fromEntries(given);
}

/**
 * The effects of one item. `constants` are its constant parameters over its type's defaults. `bound` are the names of inputs
 * whose value is known only at run time: such an input counts as present, and matches no list of values.
 */
export function effectsOf(rule: EffectsRule, constants: JsonObject, bound: ReadonlySet<string>): Effects {
  if ('kind' in rule) return rule;
  for (const { when, effects } of rule.cases) {
    const value = memberOf(constants, when.field);
    if (when.in?.some((wanted) => wanted === value)) return effects;
    if (when.present && (bound.has(when.field) || (value !== undefined && value !== null && value !== ''))) return effects;
  }
  return rule.otherwise;
}
