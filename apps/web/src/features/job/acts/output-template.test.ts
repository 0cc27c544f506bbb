import { flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { outputTemplate, usesOf } from './output-template.ts';

const ofCommand = {
  type: 'object',
  properties: {
    exitCode: { type: 'integer' },
    stdout: { type: 'string' },
    status: { enum: ['done', 'cut'] },
    found: { type: 'object', properties: { lines: { type: 'array' } }, required: ['lines'] },
    note: { type: 'string' },
  },
  required: ['exitCode', 'stdout', 'status', 'found'],
};

it('S4: a template has all that the type of the task promises, so that nothing is refused one by one', () => {
  const { initial, hint } = outputTemplate(ofCommand, ['Use it → stdout']);
  expect(initial).toEqual({ exitCode: 0, stdout: '', status: 'done', found: { lines: [] } });
  expect(hint).toBe(
    'Needed: exitCode (whole number), stdout (text), status (any value), found (object). May be given: note. ' +
      'The values shown are placeholders: replace them by the real ones. Used by: Use it → stdout.',
  );
});

it('outputs that no task uses are not made up; where their use is not known, both cases are named', () => {
  expect(outputTemplate(ofCommand, [])).toMatchObject({
    initial: {},
    hint:
      'No task uses its outputs, so {} is enough. An object that is not empty must have exitCode (whole number), stdout (text), ' +
      'status (any value), found (object). May be given: note.',
  });
  const unknown = outputTemplate(ofCommand, null);
  expect(Object.keys(unknown.initial)).toEqual(['exitCode', 'stdout', 'status', 'found']);
  expect(unknown.hint).toContain('If no task uses them, {} is enough.');
});

it('of a type that promises nothing, or is not known, an empty object is enough', () => {
  expect(outputTemplate(undefined, null)).toEqual({ initial: {}, hint: 'A JSON object; {} is enough.' });
  expect(outputTemplate({ type: 'object', properties: { note: { type: 'string' } } }, ['Use it']).initial).toEqual({});
});

it('names the tasks that use the outputs, in bindings, alternatives and expressions', () => {
  const output = (item: string, path: string) => ({ from: 'output', item, path }) as const;
  const definition = flow(
    linear('root', [
      task('probe'),
      task('one', { bindings: { text: output('probe', 'body') } }),
      task('two', { bindings: { text: { from: 'first', of: [output('one', 'text'), output('probe', 'status')] } } }),
      task('three', { bindings: { text: { from: 'expression', cel: 'outputs.probe.body + "!"' } } }),
      task('four', { bindings: { text: { from: 'expression', cel: 'outputs.probe_2.body' } } }),
    ]),
  );
  expect(usesOf('probe', definition)).toEqual(['one → body', 'two → status', 'three']);
});
