// JSON as a person writes it: values to text and text to values. Pure; json-text-area.tsx draws it.
import { type Json, isJsonObject } from '@windlass/engine/definition';

export type Reading<T> = { readonly value: T } | { readonly error: string };

export interface JsonForm<T> {
  readonly show: (value: T) => string;
  readonly read: (text: string) => Reading<T>;
}

/** Any value; an empty text means no value. */
export const JSON_VALUE: JsonForm<Json | undefined> = {
  show: (value) => (value === undefined ? '' : JSON.stringify(value, null, 2)),
  read: (text) => (text.trim() === '' ? { value: undefined } : readJson(text)),
};

/** A required value. */
export const JSON_PRESENT: JsonForm<Json> = { show: (value) => JSON.stringify(value, null, 2), read: readJson };

/** An object, such as the inputs of a task. */
export const JSON_OBJECT: JsonForm<Json> = {
  show: JSON_PRESENT.show,
  read: (text) => {
    const reading = readJson(text);
    if ('error' in reading || isJsonObject(reading.value)) return reading;
    return { error: 'This must be a JSON object, such as {"path": "a.txt"}.' };
  },
};

/** Values, one per line: JSON if a line is JSON, else its text. */
export const JSON_LINES: JsonForm<readonly Json[]> = {
  show: (values) => values.map(lineOf).join('\n'),
  read: (text) => ({
    value: text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map(valueOfLine),
  }),
};

/** A value as one line of text. */
export function lineOf(value: Json): string {
  const isPlain = typeof value === 'string' && value === value.trim() && /^.+$/.test(value) && valueOfLine(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

/** JSON if the line is JSON, else its text. */
export function valueOfLine(line: string): Json {
  const reading = readJson(line);
  return 'error' in reading ? line : reading.value;
}

function readJson(text: string): Reading<Json> {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { error: `This is not JSON; text needs quotes. ${error instanceof Error ? error.message : String(error)}` };
  }
}
