// Checks the constant parameters of a task against its type's schema, and that every required input is given.
import { z } from 'zod';
import { type JsonSchema, isJsonObject, memberOf } from '../../json.ts';
import { parseJson } from '../../parse-json.ts';
import type { DescriptorLookup } from '../../task/task.ts';
import type { Problem } from './problem.ts';
import type { TaskItem } from '../schema.ts';

const parsers = new WeakMap<object, z.ZodType | null>();

export function checkParameters(item: TaskItem, find: DescriptorLookup): Problem[] {
  const descriptor = find(item.type, item.typeVersion);
  if (descriptor === undefined) {
    const message = `The task type "${item.type}" version ${item.typeVersion} is not known here. Choose another type, or install this one.`;
    return [{ item: item.id, code: 'TYPE_UNKNOWN', severity: 'error', message }];
  }
  const properties = isJsonObject(descriptor.input['properties']) ? descriptor.input['properties'] : {};
  const required = Array.isArray(descriptor.input['required']) ? descriptor.input['required'].map(String) : [];
  const given = new Set([...Object.keys(item.parameters), ...Object.keys(item.bindings)]);
  const problems: Problem[] = [];
  for (const field of given) {
    if (Object.hasOwn(properties, field) || takesMore(descriptor.input)) continue;
    const kind = Object.hasOwn(item.bindings, field) ? 'removeBinding' : 'removeParameter';
    problems.push({
      item: item.id,
      code: 'PARAMETER_UNKNOWN',
      severity: 'error',
      field,
      message: `"${descriptor.title}" has no input "${field}". Remove the value.`,
      fix: { kind, item: item.id, field, label: `Remove "${field}"` },
    });
  }
  for (const field of required) {
    if (given.has(field)) continue;
    const message = `"${titleOf(memberOf(properties, field), field)}" is needed. Give it a value, or bind it.`;
    problems.push({ item: item.id, code: 'INPUT_MISSING', severity: 'error', field, message });
  }
  for (const [field, value] of Object.entries(item.parameters)) {
    const schema = memberOf(properties, field);
    if (!isJsonObject(schema) || Object.hasOwn(item.bindings, field)) continue;
    const parser = parserOf(schema);
    const issue = parser === null ? undefined : parseJson(parser, value).error?.issues[0];
    if (issue === undefined) continue;
    const where = [titleOf(schema, field), ...issue.path].join('.');
    problems.push({ item: item.id, code: 'PARAMETER_INVALID', severity: 'error', field, message: `"${where}": ${issue.message}.` });
  }
  return problems;
}

function titleOf(schema: unknown, field: string): string {
  return isJsonObject(schema) && typeof schema['title'] === 'string' ? schema['title'] : field;
}

/** Null for a schema that cannot be read; the task type's own check at run time still applies. */
function parserOf(schema: JsonSchema): z.ZodType | null {
  const known = parsers.get(schema);
  if (known !== undefined) return known;
  let parser: z.ZodType | null = null;
  try {
    parser = z.fromJSONSchema(schema as never);
  } catch {
    parser = null;
  }
  parsers.set(schema, parser);
  return parser;
}

/** Does the schema say that it accepts members that it does not name? */
export function takesMore(schema: JsonSchema): boolean {
  const more = schema['additionalProperties'];
  return more === true || isJsonObject(more);
}
