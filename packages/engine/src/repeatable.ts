// Which calls may be made again with the same key when a crash left their outcome unknown (SEMANTICS A4).
import { type Json, type JsonObject, memberOf } from './json.ts';

/** Always, never, or where an input has one of these values. */
export type Repeatable = boolean | { readonly field: string; readonly in: readonly Json[] };

/** May the call be repeated, given its input and the defaults of its type? */
export function isRepeatable(
  rule: Repeatable,
  { input, defaults }: { readonly input: JsonObject; readonly defaults: JsonObject },
): boolean {
  if (typeof rule === 'boolean') return rule;
  return rule.in.some((wanted) => wanted === (memberOf(input, rule.field) ?? memberOf(defaults, rule.field)));
}
