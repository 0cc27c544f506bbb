// Reads a JSON Schema as a form: its fields, their kinds and their texts.
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@windlass/engine/definition';

export type FieldKind = 'text' | 'lines' | 'number' | 'boolean' | 'choice' | 'list' | 'object' | 'json';

export interface FormField {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly required: boolean;
  readonly kind: FieldKind;
  readonly schema: JsonSchema;
  readonly choices: readonly Json[];
  readonly defaultValue: Json | undefined;
  /** For a list: are its elements numbers? */
  readonly numbers: boolean;
}

/** The fields of an object schema, in its order. */
export function fieldsOf(schema: JsonSchema): FormField[] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
  return Object.entries(properties).map(([name, value]) => {
    const field = isJsonObject(value) ? value : {};
    const items = isJsonObject(field['items']) ? field['items'] : {};
    return {
      name,
      title: typeof field['title'] === 'string' ? field['title'] : wordsOf(name),
      description: typeof field['description'] === 'string' ? field['description'] : undefined,
      required: required.has(name) && field['default'] === undefined,
      kind: kindOf(field, items),
      schema: field,
      choices: Array.isArray(field['enum']) ? field['enum'] : [],
      defaultValue: field['default'],
      numbers: items['type'] === 'integer' || items['type'] === 'number',
    };
  });
}

/** The defaults of an object schema. */
export function defaultsOf(schema: JsonSchema): JsonObject {
  return Object.fromEntries(
    fieldsOf(schema).flatMap(({ name, defaultValue }) => (defaultValue === undefined ? [] : [[name, defaultValue]])),
  );
}

function kindOf(field: JsonObject, items: JsonObject): FieldKind {
  if (Array.isArray(field['enum'])) return 'choice';
  switch (field['type']) {
    case 'string':
      return field['format'] === 'multiline' ? 'lines' : 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return items['type'] === 'string' || items['type'] === 'integer' || items['type'] === 'number' ? 'list' : 'json';
    case 'object':
      return isJsonObject(field['properties']) && Object.keys(field['properties']).length > 0 ? 'object' : 'json';
    default:
      return 'json';
  }
}

/** `expectText` as `Expect text`. */
function wordsOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
