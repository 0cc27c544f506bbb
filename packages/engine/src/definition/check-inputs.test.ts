import { expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { checkInputs } from './check-inputs.ts';
import { validateDefinition } from './validate/validate.ts';

it('S4: the inputs of a job have the limit of any input, defaults counted in', () => {
  const text = (length: number) => ({ type: 'object', properties: { text: { type: 'string', default: 'd'.repeat(length) } } });
  expect(checkInputs(text(10), { text: 'x'.repeat(1_000_000) }).kind).toBe('valid');
  const tooLarge = { kind: 'invalid', problems: [{ path: '', message: expect.stringContaining('1048576') }] };
  expect(checkInputs(text(10), { text: 'x'.repeat(1_048_570) })).toEqual(tooLarge);
  expect(checkInputs(text(1_048_570), {})).toEqual(tooLarge);
});

const PATTERN = { type: 'string', pattern: '(a+)+$' };
const LONG = `${'a'.repeat(60)}!`;

it.each<[string, JsonObject, JsonObject]>([
  ['of an input', { properties: { x: PATTERN } }, { x: LONG }],
  ['of the elements of a list', { properties: { x: { type: 'array', prefixItems: [PATTERN], items: PATTERN } } }, { x: ['a', LONG] }],
  ['of an alternative', { properties: { x: { anyOf: [{ type: 'number' }, { oneOf: [{ type: 'null' }, PATTERN] }] } } }, { x: LONG }],
  ['of one of several conditions', { properties: { x: { allOf: [PATTERN, { minLength: 1 }] } } }, { x: LONG }],
  ['of a definition', { $defs: { p: PATTERN }, properties: { x: { $ref: '#/$defs/p' } } }, { x: LONG }],
  ['of further inputs', { additionalProperties: PATTERN }, { x: LONG }],
  ['beside a default', { properties: { x: { ...PATTERN, type: ['string', 'null'], default: 'a' } } }, { x: LONG }],
  [
    'of a recursive definition',
    { $defs: { t: { type: 'object', properties: { n: PATTERN, of: { $ref: '#/$defs/t' } } } }, properties: { x: { $ref: '#/$defs/t' } } },
    { x: { n: 'a', of: { n: LONG } } },
  ],
])('S5: a pattern %s is matched in time linear in the text', (_, schema, inputs) => {
  expect(checkInputs({ type: 'object', ...schema }, inputs).kind).toBe('invalid');
});

it.each<[JsonObject, string]>([
  [{ properties: { x: { type: 'string', pattern: '(' } } }, 'cannot be read: Invalid regular expression'],
  [{ properties: { x: { type: 'string', pattern: '^(?=a)' } } }, 'is not a valid pattern'],
  [{ properties: { x: { type: 'nope' } } }, 'nope'],
  [{ properties: { x: null } }, 'cannot be read'],
  [{ patternProperties: { '(a+)+$': {} } }, '"patternProperties" is not accepted'],
  [{ properties: { x: { type: 'object', propertyNames: PATTERN } } }, '"propertyNames" is not accepted'],
])('a flow whose input schema is %j cannot be published', (schema, words) => {
  const root = { kind: 'flow', id: 'root', name: 'f', pattern: 'linear', items: [] };
  const { problems } = validateDefinition({ schemaVersion: 1, name: 'f', inputs: { type: 'object', ...schema }, root }, () => undefined);
  expect(problems).toContainEqual(
    expect.objectContaining({ code: 'SCHEMA_INVALID', severity: 'error', message: expect.stringContaining(words) }),
  );
});

it('an input may be called as a word of JSON Schema is', () => {
  const schema = { type: 'object', properties: { propertyNames: { type: 'string' }, patternProperties: { type: 'object' } } };
  expect(checkInputs(schema, { propertyNames: 'a', patternProperties: {} }).kind).toBe('valid');
});
