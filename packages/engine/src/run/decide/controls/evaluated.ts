// The result of an evaluation by a control: a value, or the failure of its atom.
import type { Failure } from '../../../failure/failure.ts';
import type { Json } from '../../../json.ts';

export interface Failed {
  readonly failure: Failure;
}

/** The value, or the failure of the atom where it cannot be evaluated. `shown` names what is evaluated: `The list`. */
export function attempt<T>(shown: string, work: () => T): { readonly value: T } | Failed {
  try {
    return { value: work() };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { failure: { code: 'EXPRESSION_FAILED', message: `${shown} could not be evaluated: ${why}` } };
  }
}

/** A condition has to give true or false. */
export function notBoolean(value: Json): Failure {
  return {
    code: 'EXPRESSION_FAILED',
    message: `The condition gives ${JSON.stringify(value).slice(0, 100)} where true or false is needed.`,
  };
}
