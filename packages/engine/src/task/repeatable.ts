// Calls that may be repeated with the same key after a crash left their outcome unknown (A4).
import { type Json, type JsonObject, memberOf } from '../json.ts';

/** Always, never, or when an input has one of these values. */
export type Repeatable = boolean | { readonly field: string; readonly in: readonly Json[] };

/**
 * May the call with this input be repeated? `defaults` are those of its type. Of a large input only the small fields are
 * given (`isPart`): then an absent field may be one that was left out, and its default says nothing.
 */
export function isRepeatable(
  rule: Repeatable,
  { input, defaults, isPart = false }: { readonly input: JsonObject; readonly defaults: JsonObject; readonly isPart?: boolean },
): boolean {
  if (typeof rule === 'boolean') return rule;
  const given = memberOf(input, rule.field) ?? (isPart ? undefined : memberOf(defaults, rule.field));
  return rule.in.some((wanted) => wanted === given);
}
