import type { Json } from '@windlass/engine/definition';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JSON_LINES, JSON_OBJECT, JSON_PRESENT, JSON_VALUE } from './json-text.ts';

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

it('what is shown reads as the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON_VALUE.read(JSON_VALUE.show(value))).toEqual({ value });
      expect(JSON_PRESENT.read(JSON_PRESENT.show(value))).toEqual({ value });
    }),
  );
  expect(JSON_VALUE.read(JSON_VALUE.show(undefined))).toEqual({ value: undefined });
});

it('a list of values, one a line, reads as the same list, texts that look like JSON included', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(json, fc.string(), fc.constantFrom('', ' a', 'a\nb', '12', 'a.txt'))), (values) => {
      expect(JSON_LINES.read(JSON_LINES.show(values))).toEqual({ value: values });
    }),
  );
  expect(JSON_LINES.read('a.txt\n 12 \n\n"12"')).toEqual({ value: ['a.txt', 12, '12'] });
});

it('text that is no JSON, no object where one is needed, or empty gives a problem', () => {
  expect(JSON_PRESENT.read('{"a":')).toMatchObject({ error: expect.stringContaining('This is not JSON') });
  expect(JSON_PRESENT.read('')).toMatchObject({ error: expect.stringContaining('This is not JSON') });
  expect(JSON_OBJECT.read('[1]')).toMatchObject({ error: expect.stringContaining('must be a JSON object') });
  expect(JSON_VALUE.read(' ')).toEqual({ value: undefined });
});
