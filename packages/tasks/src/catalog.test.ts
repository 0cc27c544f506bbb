import { type JsonObject, isJsonObject, effectsOf } from '@windlass/engine/definition';
import { describeTask } from '@windlass/engine/task';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { taskTypes } from './catalog.ts';
import { testWorld } from './testing/site.ts';

const described = taskTypes.map((type) => describeTask(type));

/** Every field of a schema with the fields within it, as `undo.url`. */
function fieldsOf(schema: JsonObject, under = ''): [string, JsonObject][] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).flatMap(([name, field]) =>
    isJsonObject(field) ? [[under + name, field] as [string, JsonObject], ...fieldsOf(field, `${under}${name}.`)] : [],
  );
}

describe.each(described)('$type', ({ type, input, output, title, summary, icon, effects, hasRevert }) => {
  it('gives a label and help for each of its inputs, and a label for each of its outputs', () => {
    const bare = fieldsOf(input).filter(([, field]) => typeof field['title'] !== 'string' || typeof field['description'] !== 'string');
    expect(bare.map(([name]) => name)).toEqual([]);
    expect(
      fieldsOf(output)
        .filter(([, field]) => typeof field['title'] !== 'string')
        .map(([name]) => name),
    ).toEqual([]);
    expect([title, summary, icon].every((text) => text.length > 0)).toBe(true);
  });

  it('has schemas that can be sent and read again', () => {
    for (const schema of [input, output]) expect(() => z.fromJSONSchema(JSON.parse(JSON.stringify(schema)))).not.toThrow();
  });

  it('R9: says what its revert does as the end of the sentence "Revert …", and why it cannot be undone as a clause', () => {
    const all = 'kind' in effects ? [effects] : [effects.otherwise, ...effects.cases.map((one) => one.effects)];
    for (const one of all) {
      if (one.kind === 'reversible') expect(`Revert ${one.undo}.`).toMatch(/^Revert (?!is |was )[a-z]+s (?!is |was )[^.]+\.$/);
      if (one.kind === 'irreversible') expect(`This cannot be undone: ${one.reason}.`).toMatch(/: [a-z][^.]+\.$/);
    }
  });

  it('has a revert exactly if some of its effects can be undone', () => {
    const kinds = 'kind' in effects ? [effects.kind] : [effects.otherwise.kind, ...effects.cases.map((one) => one.effects.kind)];
    expect(hasRevert).toBe(kinds.includes('reversible'));
    expect(type).toMatch(/^[a-z]+(\.[a-z]+)?$/);
  });
});

it('says of a request and of a command what can be undone', () => {
  const kindOf = (type: string, constants: JsonObject, bound: string[] = []) => {
    const effects = described.find((one) => one.type === type)?.effects;
    return effects && effectsOf(effects, constants, new Set(bound)).kind;
  };
  expect(kindOf('http.request', { method: 'GET' })).toBe('none');
  expect(kindOf('http.request', { method: 'POST' })).toBe('irreversible');
  expect(kindOf('http.request', { method: 'POST', undo: { url: 'x' } })).toBe('reversible');
  expect(kindOf('http.request', {}, ['method'])).toBe('irreversible');
  expect(kindOf('command.run', { program: 'x' })).toBe('irreversible');
  expect(kindOf('command.run', { program: 'x' }, ['undo'])).toBe('reversible');
});

it('values.set answers with the values, and message says its sentence in the log', async () => {
  const test = testWorld();
  const values = { a: [1, null], b: { c: 'x' } };
  expect((await test.apply('values.set', { values })).output).toEqual({ values });
  expect((await test.apply('message', { text: 'hello' })).output).toEqual({ text: 'hello', level: 'info' });
  await test.apply('message', { text: 'mind', level: 'warning' });
  expect(test.lines).toEqual(['info: hello', 'warning: mind']);
  test.close();
});
