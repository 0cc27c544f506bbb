// Schemas are code of a type's author: whatever a refinement, a transform or a made value does is a failure of that atom, or a
// refusal of that act (S3, S4), and the entries can be written.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../../task/define-task.ts';
import { flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { atomIndex } from '../graph/index-spaces.ts';

const anything = z.looseObject({});
const own = (schemas: { readonly input?: z.ZodObject; readonly output?: z.ZodObject }) =>
  catalogOf([
    defineTask({
      ...{ type: 'odd', version: 1, title: 'odd', summary: 'odd', icon: 'box', group: 'Test' },
      ...{ input: schemas.input ?? anything, output: schemas.output ?? anything },
      ...{ effects: { kind: 'reversible', undo: 'undone' }, repeatable: true, apply: async () => ({}), revert: async () => {} },
    }),
    defineTask({
      ...{ type: 'step', version: 1, title: 'step', summary: 'step', icon: 'box', group: 'Test', input: anything, output: anything },
      ...{ effects: { kind: 'reversible', undo: 'undone' }, repeatable: true, apply: async () => ({}), revert: async () => {} },
    }),
  ]);

const throwing = z.string().refine(() => {
  throw new Error('in refine');
});
const asynchronous = z.string().refine(async () => true);
const made = (make: () => unknown) => z.string().transform(make);
const cycle = () => {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
};
const refusing = () => ({
  toJSON: () => {
    throw new Error('no JSON of this');
  },
});
const withGetter = () => ({
  get x() {
    throw new Error('in getter');
  },
});

const giveText: Script = ({ kind, atom }) => (kind === 'apply' && atom === 'a' ? { output: { v: '5' } } : undefined);
const withOutput = (v: z.ZodType) =>
  new TestRun({
    definition: flow(linear('f', [task('p'), task('a', { type: 'odd' })])),
    catalog: own({ output: z.object({ v }) }),
    script: giveText,
  });

describe('S3, S4: an output schema', () => {
  it.each<[string, z.ZodType, string, string]>([
    ['makes a bigint', z.coerce.bigint(), 'OUTPUT_INVALID', 'cannot be written as JSON'],
    ['makes a value that refuses to be JSON', made(refusing), 'OUTPUT_INVALID', 'no JSON of this'],
    ['makes a value whose getter throws', made(withGetter), 'OUTPUT_INVALID', 'in getter'],
    ['makes a value that contains itself', made(cycle), 'PAYLOAD_TOO_DEEP', 'contains itself'],
    ['makes a text of 2 MB', made(() => 'x'.repeat(2_000_000)), 'PAYLOAD_TOO_LARGE', '1048576'],
    ['makes a value whose JSON has 2 MB', made(() => ({ toJSON: () => 'x'.repeat(2_000_000) })), 'PAYLOAD_TOO_LARGE', '1048576'],
    ['throws in a refinement', throwing, 'OUTPUT_INVALID', 'the schema threw an error: in refine.'],
    [
      'throws in a transform',
      made(() => {
        throw new Error('in transform');
      }),
      'OUTPUT_INVALID',
      'the schema threw an error: in transform.',
    ],
    ['is asynchronous', asynchronous, 'OUTPUT_INVALID', 'the schema is asynchronous'],
  ])('that %s fails its atom, and what ran is reverted', (_, v, code, words) => {
    const test = withOutput(v).go();
    expect(test.run.atoms[atomIndex(1)]?.failure).toMatchObject({ code, message: expect.stringContaining(words) });
    expect([test.run.state, test.states]).toEqual(['REVERTED', { p: 'REVERTED', a: 'REVERTED' }]);
    expect(() => JSON.stringify(test.entries)).not.toThrow();
  });

  it.each<[string, () => unknown, unknown]>([
    ['a date', () => new Date(0), '1970-01-01T00:00:00.000Z'],
    ['NaN', () => Number.NaN, null],
    ['negative zero', () => -0, 0],
    ['members that JSON leaves out', () => ({ a: 1, b: undefined, c: () => 1, d: Symbol('d') }), { a: 1 }],
    ['a list with a hole', () => [1, undefined, 3], [1, null, 3]],
  ])('I4: that makes %s is recorded as JSON has it, in the live run too', (_, make, recorded) => {
    const test = withOutput(made(make)).go();
    expect(test.run.atoms[atomIndex(1)]?.output).toStrictEqual({ v: recorded });
    expect(JSON.parse(JSON.stringify(test.entries))).toStrictEqual(test.entries);
  });
});

describe('S3: an input schema', () => {
  it.each([
    ['throws', throwing, 'The input does not fit: the schema threw an error: in refine.'],
    ['is asynchronous', asynchronous, 'The input does not fit: the schema is asynchronous, and only a synchronous schema can be checked.'],
  ])('that %s fails its atom before anything is called, and what ran is reverted', (_, v, message) => {
    const definition = flow(linear('f', [task('p'), task('a', { type: 'odd', parameters: { v: 'text' } })]));
    const test = new TestRun({ definition, catalog: own({ input: z.object({ v }) }) }).go();
    expect(test.run.atoms[atomIndex(1)]?.failure).toEqual({ code: 'INPUT_INVALID', message });
    expect([test.run.state, test.calls]).toEqual(['REVERTED', ['apply p', 'revert p']]);
  });

  it('S4: that throws at the placeholder of a secret is left to the call, which has the secret', () => {
    const bindings = { v: { from: 'secret', name: 'key' } } as const;
    const definition = flow(linear('f', [task('a', { type: 'odd', bindings })]));
    const test = new TestRun({ definition, catalog: own({ input: z.object({ v: throwing }) }) }).claim();
    expect(test.pending.map(({ call }) => `${call.kind} ${call.atom}`)).toEqual(['apply a']);
  });
});

describe('B7: an output given by a person', () => {
  it.each([
    ['throws', throwing, 'The given output of “a” does not fit its task type: it: the schema threw an error: in refine.'],
    ['is asynchronous', asynchronous, 'it: the schema is asynchronous, and only a synchronous schema can be checked.'],
  ])('is refused with a reason where its schema %s', (_, v, words) => {
    const definition = flow(linear('f', [task('a', { type: 'odd' })]), { onFailure: 'hold' });
    const test = new TestRun({ definition, catalog: own({ output: z.object({ v }) }), script: () => ({ fail: 'BROKEN' }) }).go();
    test.act({ kind: 'SKIP_FAILED', reason: 'by hand', atom: 'a', output: { v: 'x' } });
    expect(test.answered).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED', message: expect.stringContaining(words) });
    expect(test.run.state).toBe('FAILURE');
  });
});
