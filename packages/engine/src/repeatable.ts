// Calls that may be repeated with the same key after a crash left their outcome unknown (SEMANTICS A4).
import { type Json, type JsonObject, memberOf } from './json.ts';

/** Always, never, or when an input has one of these values. */
export type Repeatable = boolean | { readonly field: string; readonly in: readonly Json[] };

/** May the call with this input be repeated? `defaults` are those of its type. */
export function isRepeatable(
  rule: Repeatable,
  { input, defaults }: { readonly input: JsonObject; readonly defaults: JsonObject },
): boolean {
  if (typeof rule === 'boolean') return rule;
  return rule.in.some((wanted) => wanted === (memberOf(input, rule.field) ?? memberOf(defaults, rule.field)));
}
