// Words that every JavaScript object inherits are names like any other: of items, inputs, outputs and members. The one
// that is refused is refused by name. Flows are random; an oracle over maps says what each call must be given.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask, describeTask } from './task/define-task.ts';
import { checkInputs } from './definition/check-inputs.ts';
import { validateDefinition } from './definition/validate/validate.ts';
import { effectsOf } from './task/effects.ts';
import type { Binding } from './definition/schema.ts';
import type { Json, JsonObject } from './json.ts';
import { inProcessRunner } from './dispatch/in-process-runner.ts';
import { CallStop } from './dispatch/call-stop.ts';
import { replay } from './run/state/fold/fold.ts';
import { emptyRun } from './run/state/run.ts';
import { restoreRun, snapshotOf } from './run/state/snapshot/snapshot-of.ts';
import { planRollback } from './run/plan/plan-rollback.ts';
import { callOf } from './testing/call.ts';
import { flow, linear, task } from './testing/flows.ts';
import { TestRun } from './testing/run-in-memory.ts';

const WORDS = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'toLocaleString', 'length', 'name', 'a'] as const;
const word = fc.constantFrom(...WORDS);

const fields = Object.fromEntries(WORDS.map((name) => [name, z.json().optional()]));
const fixed = {
  ...{ type: 'worded', version: 1, title: 'Worded', summary: 'Takes and gives words.', icon: 'box', group: 'Test' },
  input: z.object(fields),
  output: z.object(fields),
  effects: { kind: 'reversible', undo: 'undone' } as const,
  repeatable: true,
  revert: async () => {},
};
const worded = defineTask({ ...fixed, apply: async (input) => input });
const catalog = catalogOf([worded]);
const descriptor = describeTask(worded);
const find = (type: string) => (type === worded.type ? descriptor : undefined);

type Source = { readonly from: 'constant' | 'input' | 'output' | 'expression' | 'absent'; readonly name: string; readonly item: number };
interface Drawn {
  readonly ids: readonly string[];
  readonly given: JsonObject;
  readonly wires: readonly (readonly (readonly [input: string, Source])[])[];
}

const source: fc.Arbitrary<Source> = fc.record({
  from: fc.constantFrom('constant', 'input', 'output', 'expression', 'absent'),
  name: word,
  item: fc.nat({ max: 5 }),
});
const json = fc.oneof(fc.string(), fc.integer(), fc.dictionary(word, fc.oneof(fc.integer(), fc.dictionary(word, fc.boolean()))));
const drawn: fc.Arbitrary<Drawn> = fc.uniqueArray(word, { minLength: 1, maxLength: 5 }).chain((ids) =>
  fc.record({
    ids: fc.constant(ids),
    given: fc.dictionary(word, json),
    wires: fc.tuple(...ids.map(() => fc.uniqueArray(fc.tuple(word, source), { maxLength: 4, selector: ([name]) => name }))),
  }),
);

/** The definition of a drawing, and the expected input of each task when each answers with its own input. */
function drawing({ ids, given, wires }: Drawn) {
  const outputs = new Map<string, Map<string, Json>>();
  const items = ids.map((id, at) => {
    const input = new Map<string, Json>();
    const bindings = (wires[at] ?? []).flatMap(([name, { from, name: other, item }]): [string, Binding][] => {
      const before = ids[item] ?? id;
      const take = (value: Json | undefined) => value !== undefined && input.set(name, value);
      switch (from) {
        case 'constant':
          take(other);
          return [[name, { from: 'constant', value: other }]];
        case 'input':
          take(Object.hasOwn(given, other) ? given[other] : undefined);
          return [[name, { from: 'input', name: other }]];
        case 'output':
          if (item >= at) return [];
          take(outputs.get(before)?.get(other));
          return [[name, { from: 'output', item: before, path: other }]];
        case 'expression':
          if (item >= at) return [];
          input.set(name, outputs.get(before)?.get(other) ?? null);
          return [[name, { from: 'expression', cel: `has(outputs.${before}.${other}) ? outputs.${before}.${other} : null` }]];
        case 'absent':
          return [];
      }
    });
    outputs.set(id, input);
    return { ...task(id, { type: 'worded' }), bindings: Object.fromEntries(bindings) };
  });
  const properties = Object.fromEntries(WORDS.map((name) => [name, {}]));
  const [first = ''] = ids;
  const definition = flow(linear('root', items), {
    inputs: { type: 'object', properties },
    outputs: Object.fromEntries(WORDS.map((name) => [name, { from: 'output', item: first, path: name }])),
  });
  return {
    definition,
    expected: [...outputs].map(([id, input]) => [id, Object.fromEntries(input)]),
    first: Object.fromEntries(outputs.get(first) ?? []),
  };
}

describe('names that every object inherits', () => {
  it('work as names of items, inputs and outputs, in run, replay, snapshot and rollback (S1, I4, B2)', () => {
    fc.assert(
      fc.property(drawn, (lot) => {
        const { definition, expected, first } = drawing(lot);
        expect(validateDefinition(definition, find).problems).toEqual([]);
        expect(checkInputs(definition.inputs, lot.given)).toEqual({ kind: 'valid', inputs: lot.given });
        const given: [string, Json][] = [];
        const test = new TestRun({
          definition,
          catalog,
          inputs: lot.given,
          script: ({ kind, atom, input }) => {
            if (kind === 'apply') given.push([atom, input]);
            return { output: input };
          },
        });
        test.go();
        expect(given).toEqual(expected);
        expect(test.run.state).toBe('SUCCESS');
        expect(test.run.outputs).toEqual(first);
        const replayed = replay(emptyRun(test.flow), test.entries);
        expect(snapshotOf(replayed)).toEqual(snapshotOf(test.run));
        expect(snapshotOf(restoreRun(test.flow, JSON.parse(JSON.stringify(snapshotOf(test.run)))))).toEqual(snapshotOf(test.run));
        const plan = planRollback(test.run, { kind: 'job' });
        test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
        expect(test.run.state).toBe('REVERTED');
      }),
      { numRuns: 300 },
    );
  });

  it('work as inputs that a person edits, and editing one keeps the bindings of the others (R10)', () => {
    fc.assert(
      fc.property(word, word, word, (id, edited, bound) => {
        fc.pre(edited !== bound);
        const item = task(id, { type: 'worded', bindings: { [bound]: { from: 'constant', value: 'bound' } } });
        const given: Json[] = [];
        const test = new TestRun({
          definition: flow(linear('root', [item]), { onFailure: 'hold' }),
          catalog,
          script: ({ kind, input }) => {
            if (kind === 'apply') given.push(input);
            return kind === 'apply' && given.length === 1 ? { fail: 'BROKEN' } : { output: {} };
          },
        });
        test.go();
        test.act({ kind: 'RETRY_FAILED', reason: '', parameters: { [id]: { [edited]: 'edited' } } }).finish();
        expect(given).toEqual([{ [bound]: 'bound' }, { [bound]: 'bound', [edited]: 'edited' }]);
      }),
      { numRuns: 100 },
    );
  });

  it('reach a task unchanged, in its input and output (S4)', async () => {
    const runner = inProcessRunner({ catalog, world: null, secrets: { resolve: async () => undefined }, log: () => {} });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(word, json), async (input) => {
        const outcome = await runner.run(callOf({ type: 'worded', input }), new CallStop());
        expect(outcome).toEqual({ kind: 'done', output: input });
      }),
      { numRuns: 200 },
    );
  });

  it('work as names of inputs with a secret, which is filled in and masked under the same name (S4)', async () => {
    const runner = inProcessRunner({ catalog, world: null, secrets: { resolve: async () => 'hunter2-and-more' }, log: () => {} });
    for (const name of WORDS) {
      const call = callOf({ type: 'worded', input: { [name]: 'pin: {{secret pin}}', a: 1 }, secrets: { [name]: ['pin'] } });
      const expected = name === 'a' ? { a: 'pin: •••pin•••' } : { [name]: 'pin: •••pin•••', a: 1 };
      const input = name === 'a' ? { a: 'pin: {{secret pin}}' } : call.input;
      expect(await runner.run({ ...call, input }, new CallStop())).toEqual({ kind: 'done', output: expected });
    }
  });

  it('are absent unless given: in schemas and in cases of effects (S4, R9)', () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const schema = { type: 'object', properties: { [name]: { type: 'string' } } };
      expect(checkInputs(schema, {})).toEqual({ kind: 'valid', inputs: {} });
      expect(checkInputs({ ...schema, required: [name] }, {})).toMatchObject({ kind: 'invalid', problems: [{ path: name }] });
      const nested = { type: 'object', properties: { in: schema } };
      expect(checkInputs(nested, { in: {} })).toEqual({ kind: 'valid', inputs: { in: {} } });
      const cases = [{ when: { field: name, present: true as const }, effects: { kind: 'irreversible', reason: 'x' } as const }];
      expect(effectsOf({ cases, otherwise: { kind: 'none' } }, {}, new Set())).toEqual({ kind: 'none' });
    }
  });

  it('have their defaults: inputs of a launch, inputs and outputs of a task (S1, S4)', async () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const schema = { type: 'object', properties: { [name]: { type: 'string', default: 'given' } } };
      expect(checkInputs(schema, {})).toEqual({ kind: 'valid', inputs: { [name]: 'given' } });
      const withDefaults = z.object({ [name]: z.string().default('given') });
      const defaulted = defineTask({ ...fixed, input: withDefaults, output: withDefaults, apply: async (input) => input });
      const runner = inProcessRunner({
        ...{ catalog: catalogOf([defaulted]), world: null, secrets: { resolve: async () => undefined }, log: () => {} },
      });
      const outcome = await runner.run(callOf({ type: 'worded', input: {} }), new CallStop());
      expect(outcome).toEqual({ kind: 'done', output: { [name]: 'given' } });
      const outputs = { [name]: { from: 'output', item: 'a', path: name } } as const;
      const test = new TestRun({
        definition: flow(linear('root', [task('a', { type: 'worded' })]), { outputs }),
        catalog: catalogOf([defaulted]),
        script: () => ({ output: {} }),
      });
      expect(test.go().run.outputs).toEqual({ [name]: 'given' });
    }
  });
});

describe('the name __proto__', () => {
  it('is refused with a sentence that names it, wherever it stands in a definition', () => {
    fc.assert(
      fc.property(drawn, word, (lot, victim) => {
        const text = JSON.stringify(drawing(lot).definition);
        const renamed = text.replace(`"${victim}"`, '"__proto__"');
        const names = validateDefinition(JSON.parse(renamed), find).problems.map(({ message }) => message);
        if (renamed === text || /"(value|name|cel)":"__proto__"/.test(renamed)) return;
        expect(names.join(' ')).toContain('__proto__');
      }),
      { numRuns: 300 },
    );
  });

  it('is refused in inputs of a launch, in the output of a task and in the value of an expression', async () => {
    const held: Json = JSON.parse('{"a":{"__proto__":1}}');
    const schema = { type: 'object', properties: { a: {} } };
    expect(checkInputs(schema, held)).toMatchObject({ kind: 'invalid', problems: [{ message: expect.stringContaining('__proto__') }] });
    const test = new TestRun({
      definition: flow(linear('root', [task('a', { type: 'worded' })])),
      catalog,
      script: () => ({ output: held }),
    });
    test.go();
    expect(test.run.forward).toMatchObject({
      kind: 'failed',
      failure: { code: 'MEMBER_REFUSED', message: expect.stringContaining('__proto__') },
    });
    const answering = defineTask({ ...fixed, type: 'answering', apply: async () => held as never });
    const runner = inProcessRunner({
      ...{ catalog: catalogOf([answering]), world: null, secrets: { resolve: async () => undefined }, log: () => {} },
    });
    const outcome = await runner.run(callOf({ type: 'answering' }), new CallStop());
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'MEMBER_REFUSED' } });
  });
});
