import { describe, expect, it } from 'vitest';
import { defaultsOf, fieldsOf } from './schema.ts';

describe('a form from a JSON Schema', () => {
  it('gives each property a kind of field', () => {
    const properties = {
      a: { type: 'string' },
      b: { type: 'string', format: 'multiline' },
      c: { enum: ['x', 'y'] },
      d: { type: 'integer' },
      e: { type: 'boolean' },
      f: { type: 'array', items: { type: 'string' } },
      g: { type: 'object', properties: { h: {} } },
      i: { type: 'object', additionalProperties: {} },
      j: {},
    };
    expect(fieldsOf({ type: 'object', properties }).map(({ kind }) => kind)).toEqual([
      'text',
      'lines',
      'choice',
      'number',
      'boolean',
      'list',
      'object',
      'json',
      'json',
    ]);
  });

  it('needs what is required and has no default', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', default: 'x' }, expectText: { type: 'string' } },
      required: ['a', 'expectText'],
    };
    expect(fieldsOf(schema).map(({ required, title }) => [required, title])).toEqual([
      [false, 'A'],
      [true, 'Expect text'],
    ]);
    expect(defaultsOf(schema)).toEqual({ a: 'x' });
  });
});
