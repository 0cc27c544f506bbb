// A call as it is decided, and how it becomes the call that a runner gets: values over 8 KB are loaded when it is carried
// out, so that what waits to be called holds none of them.
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import type { TaskCall } from './task-runner.ts';

/** A value, or where it stands. */
export type Part<T extends Json = Json> = StoredValue | { readonly value: T };

/** What was decided to call. */
export interface CallOrder extends Omit<TaskCall, 'job' | 'idempotencyKey' | 'input' | 'output' | 'prior'> {
  readonly input: Part<JsonObject>;
  readonly output: Part;
  /** Outputs of the stages of a resource; of a name that several give, the last one counts. Null for what is no stage. */
  readonly prior: readonly Part[] | null;
}

/** The values that have to be loaded before the call is made. */
export function absentFrom({ input, output, prior }: CallOrder): readonly StoredValue[] {
  return [input, output, ...(prior ?? [])].filter((part): part is StoredValue => !('value' in part));
}

/** Has the call all its values? */
export function isWhole({ input, output, prior }: CallOrder): boolean {
  return 'value' in input && 'value' in output && (prior === null || prior.every((part) => 'value' in part));
}

/**
 * The call with all its values. `valueAt` gives those that are absent from it. One spread: taking the three fields out with
 * a rest pattern cost 3 % of a step's CPU (W1, SQLite, one at a time).
 */
export function wholeCall(order: CallOrder, valueAt: (at: StoredValue) => Json | undefined): Omit<TaskCall, 'job' | 'idempotencyKey'> {
  const whole = (part: Part) => ('value' in part ? part.value : (valueAt(part) ?? null));
  const input = whole(order.input);
  return {
    ...order,
    input: isJsonObject(input) ? input : {},
    output: whole(order.output),
    prior: order.prior === null ? null : Object.assign({}, ...order.prior.map(whole).filter(isJsonObject)),
  };
}
