// A decided call, and its conversion to the call that a runner gets: values over 8 KB are loaded when the call is carried
// out, so that waiting calls hold none of them.
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import type { TaskCall } from './task-runner.ts';

/** A value, or a reference to it. */
export type MaybeLoaded<T extends Json = Json> = StoredValue | { readonly value: T };

/** A call that a turn has decided. */
export interface CallOrder extends Omit<TaskCall, 'job' | 'idempotencyKey' | 'input' | 'output' | 'prior'> {
  readonly input: MaybeLoaded<JsonObject>;
  readonly output: MaybeLoaded;
  /** Outputs of a resource's stages; if several give the same name, the last one counts. Null when the atom is not a stage. */
  readonly prior: readonly MaybeLoaded[] | null;
}

/** The values that must be loaded before the call is made. */
export function absentFrom({ input, output, prior }: CallOrder): readonly StoredValue[] {
  return [input, output, ...(prior ?? [])].filter((part): part is StoredValue => !('value' in part));
}

/** Has the call all its values? */
export function isWhole({ input, output, prior }: CallOrder): boolean {
  return 'value' in input && 'value' in output && (prior === null || prior.every((part) => 'value' in part));
}

/**
 * The call with all its values. `valueAt` gives the loaded ones. It uses one spread, because removing the three fields with
 * a rest pattern cost 3 % of a step's CPU (W1, SQLite, one at a time).
 */
export function wholeCall(order: CallOrder, valueAt: (at: StoredValue) => Json | undefined): Omit<TaskCall, 'job' | 'idempotencyKey'> {
  const whole = (part: MaybeLoaded) => ('value' in part ? part.value : (valueAt(part) ?? null));
  const input = whole(order.input);
  return {
    ...order,
    input: isJsonObject(input) ? input : {},
    output: whole(order.output),
    prior: order.prior === null ? null : Object.assign({}, ...order.prior.map(whole).filter(isJsonObject)),
  };
}
