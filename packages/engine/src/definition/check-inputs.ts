// Checks the inputs of a launch against the flow's own JSON Schema.
import { type Json, type JsonObject, type JsonSchema, isJsonObject } from '../json.ts';
import { inputsParser } from './inputs-parser.ts';
import { parseJson } from '../parse-json.ts';
import { payloadExcess } from '../payload.ts';
import { REFUSED_NAME, hasRefusedName, refusedNameSentence } from '../refused-name.ts';

export type InputsCheck =
  | { readonly kind: 'valid'; readonly inputs: JsonObject }
  | { readonly kind: 'invalid'; readonly problems: readonly { readonly path: string; readonly message: string }[] };

/** Why launches with that schema would be refused, whatever their inputs are; null if it can be read. */
export function whyUnreadable(schema: JsonSchema): string | null {
  try {
    inputsParser(schema);
    return null;
  } catch (thrown) {
    return `The flow's input schema cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

/** Checks inputs and fills in defaults. A schema that cannot be read is reported as a problem. */
export function checkInputs(schema: JsonSchema, inputs: Json): InputsCheck {
  if (!isJsonObject(inputs)) return { kind: 'invalid', problems: [{ path: '', message: 'Give the inputs as an object.' }] };
  if (hasRefusedName(inputs)) {
    return { kind: 'invalid', problems: [{ path: REFUSED_NAME, message: refusedNameSentence('One of the inputs') }] };
  }
  try {
    const parsed = parseJson(inputsParser(schema), inputs);
    if (parsed.success) {
      const excess = payloadExcess('The inputs of the job', parsed.data);
      if (excess !== null) return { kind: 'invalid', problems: [{ path: '', message: excess.message }] };
      return { kind: 'valid', inputs: parsed.data as JsonObject };
    }
    return {
      kind: 'invalid',
      problems: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: 'invalid', problems: [{ path: '', message: `The flow's input schema cannot be read: ${why}` }] };
  }
}
