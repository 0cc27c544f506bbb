// The named inputs or outputs of a flow, in the order of the document. Pure.
import { memberOf } from '@windlass/engine/definition';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** `base`, or the first of `base_2`, `base_3`… that is free. */
export function freeName(base: string, values: { readonly [name: string]: unknown }): string {
  let name = base;
  for (let count = 2; memberOf(values, name) !== undefined; count += 1) name = `${base}_${count}`;
  return name;
}

/** The values with the name `to` in place of `from`; null if `to` is no name of an expression, or is taken. */
export function renamed<Value>(
  values: { readonly [name: string]: Value },
  { from, to }: { readonly from: string; readonly to: string },
): { [name: string]: Value } | null {
  if (!NAME.test(to) || memberOf(values, to) !== undefined) return null;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name === from ? to : name, value]));
}
