// What a task type says of its effects (SEMANTICS R9), as data: the browser and the server judge it alike.
import { type Json, type JsonObject, type JsonSchema, isJsonObject, memberOf } from './json.ts';

/** What stands in the world after an apply, and whether it can be undone. */
export type Effects =
  | { readonly kind: 'none' }
  | { readonly kind: 'reversible'; readonly undo: string }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** One case of a type whose effects depend on its parameters; the first case that holds is taken. */
export interface EffectsCase {
  readonly when: { readonly field: string; readonly in?: readonly Json[]; readonly present?: true };
  readonly effects: Effects;
}

/** Either fixed effects, or cases over constant parameters with a cautious last word. */
export type EffectsRule = Effects | { readonly cases: readonly EffectsCase[]; readonly otherwise: Effects };

/** The defaults of an input schema: what an input is that the drawing does not mention. */
export function defaultsOf(schema: JsonSchema): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const given = Object.entries(properties).flatMap(([name, field]) =>
    isJsonObject(field) && field['default'] !== undefined ? [[name, field['default']] as const] : [],
  );
  return Object.fromEntries(given);
}

/**
 * The effects of one item. `constants` are its constant parameters over its type's defaults, `bound` the names of inputs that are
 * only known at run time: such an input counts as present, and never matches a list of values.
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
