// Outputs that a person gives in place of a task's own: a template of what its type promises, and what is needed, in words. Pure.
import { type FlowDefinition, isJsonObject, type Json, type JsonObject, type JsonSchema, placedItems } from '@windlass/engine/definition';

export interface OutputTemplate {
  readonly initial: JsonObject;
  readonly hint: string;
}

/** `uses` are the tasks that use these outputs; null where that is not known. */
export function outputTemplate(schema: JsonSchema | undefined, uses: readonly string[] | null): OutputTemplate {
  const { properties, needed } = membersOf(schema);
  const optional = Object.keys(properties).filter((name) => !needed.includes(name));
  const isUnused = uses !== null && uses.length === 0;
  const isEmpty = needed.length === 0 || isUnused;
  const listed = needed.map((name) => `${name} (${kindOf(properties[name])})`).join(', ');
  const hint = [
    isUnused ? 'No task uses its outputs, so {} is enough.' : '',
    needed.length === 0 && !isUnused ? 'A JSON object; {} is enough.' : '',
    needed.length === 0 ? '' : isUnused ? `An object that is not empty must have ${listed}.` : `Needed: ${listed}.`,
    optional.length === 0 ? '' : `May be given: ${optional.join(', ')}.`,
    isEmpty ? '' : 'The values shown are placeholders: replace them by the real ones.',
    uses === null && !isEmpty ? 'If no task uses them, {} is enough.' : '',
    uses === null || isUnused ? '' : `Used by: ${uses.join(', ')}.`,
  ];
  return { initial: isEmpty ? {} : placeholders(schema), hint: hint.filter((part) => part !== '').join(' ') };
}

function membersOf(schema: JsonSchema | undefined) {
  const properties = schema !== undefined && isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema?.['required']) ? schema['required'].map(String) : [];
  return { properties, needed: required.filter((name) => Object.hasOwn(properties, name)) };
}

function placeholders(schema: JsonSchema | undefined): JsonObject {
  const { properties, needed } = membersOf(schema);
  return Object.fromEntries(needed.map((name) => [name, placeholder(properties[name])]));
}

/** Where the outputs of an item are used: `Use it → body`. A use in an expression names the task alone. */
export function usesOf(item: string, definition: FlowDefinition): readonly string[] {
  const uses = placedItems(definition).flatMap(({ item: user }) =>
    user.kind === 'flow'
      ? []
      : Object.values(user.bindings).flatMap((binding) => pathsIn(binding, item).map((path) => wordsOf(user.name, path))),
  );
  return [...new Set(uses)];
}

function pathsIn(binding: unknown, item: string): string[] {
  if (typeof binding !== 'object' || binding === null || !('from' in binding)) return [];
  if (binding.from === 'output' && 'item' in binding && binding.item === item) return ['path' in binding ? String(binding.path) : ''];
  if (binding.from === 'first' && 'of' in binding && Array.isArray(binding.of)) return binding.of.flatMap((one) => pathsIn(one, item));
  const isExpression = binding.from === 'expression' && 'cel' in binding && typeof binding.cel === 'string';
  return isExpression && new RegExp(`\\boutputs\\.${item}\\b`).test(String(binding.cel)) ? [''] : [];
}

function wordsOf(name: string, path: string): string {
  return path === '' ? name : `${name} → ${path}`;
}

/** The emptiest value that the schema takes. */
function placeholder(schema: Json | undefined): Json {
  if (schema === undefined || !isJsonObject(schema)) return null;
  if (schema['const'] !== undefined) return schema['const'];
  if (schema['default'] !== undefined) return schema['default'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null;
  if (Array.isArray(schema['anyOf'])) return placeholder(schema['anyOf'][0]);
  switch (schema['type']) {
    case 'string':
      return '';
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' && schema['minimum'] > 0 ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return placeholders(schema);
    default:
      return null;
  }
}

const KINDS: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
  object: 'object',
};

function kindOf(schema: Json | undefined): string {
  const type = schema !== undefined && isJsonObject(schema) ? schema['type'] : undefined;
  return (typeof type === 'string' ? KINDS[type] : undefined) ?? 'any value';
}
