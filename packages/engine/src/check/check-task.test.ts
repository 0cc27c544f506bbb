// Task types with one fault each, run against a world that really changes: each fault is reported, and a correct one has none.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTask } from '../task/define-task.ts';
import { TaskError } from '../failure/failure.ts';
import type { TaskContext, TaskSpec, TaskType } from '../task/task.ts';
import { checkTask } from './check-task.ts';
import { differenceOf } from './difference.ts';

/** Seats of a theatre, and the number reserved under each key. */
interface World {
  free: number;
  readonly reserved: Map<string, number>;
}
type Context = TaskContext<World>;

const input = z.object({ seats: z.int().min(1).meta({ title: 'Seats' }) });
const output = z.object({ seats: z.int().meta({ title: 'Seats' }) });
type Spec = TaskSpec<typeof input, typeof output, World>;

const keyOf = ({ job, atom, attempt }: Context) => `${job}/${atom}/${attempt}`;

const sound: Spec = {
  type: 'quota.reserve',
  version: 1,
  title: 'Reserve seats',
  summary: 'Takes seats of a theatre.',
  icon: 'armchair',
  group: 'Test',
  input,
  output,
  effects: { kind: 'reversible', undo: 'gives the seats back' },
  repeatable: true,
  async apply({ seats }, context) {
    const { world } = context;
    if (!world.reserved.has(keyOf(context))) {
      if (world.free < seats) throw new TaskError('QUOTA_FULL', `Only ${world.free} seats are free.`);
      world.free -= seats;
      world.reserved.set(keyOf(context), seats);
    }
    return { seats };
  },
  async revert(_, context) {
    const { world } = context;
    world.free += world.reserved.get(keyOf(context)) ?? 0;
    world.reserved.delete(keyOf(context));
  },
  async probe(_, context) {
    const seats = context.world.reserved.get(keyOf(context));
    return seats === undefined ? { happened: 'no' } : { happened: 'yes', output: { seats } };
  },
};

const check = async (more: Partial<Spec> = {}, options: { seats?: number; failing?: { seats: number } } = {}) => {
  const world: World = { free: 10, reserved: new Map() };
  const { seats = 2, ...rest } = options;
  return checkTask(defineTask({ ...sound, ...more }), { input: { seats }, world, observe: () => structuredClone(world), ...rest });
};

it('finds nothing in a correct type', async () => {
  expect(await check({}, { failing: { seats: 11 } })).toEqual([]);
});

describe('tells of', () => {
  const faults: readonly (readonly [string, Partial<Spec>, RegExp])[] = [
    [
      'a revert that leaves an effect',
      { revert: async () => {} },
      /^Revert, after an apply that succeeded, did not restore the world: free was 10 and is 8\.$/,
    ],
    [
      'B6: a check that reports a change that did not happen',
      { check: async ({ output: done }) => (done?.seats === 2 ? 'the seats look odd' : null) },
      /^The check says right after apply that something has changed \(B6\): the seats look odd$/,
    ],
    [
      'B6: a check that changes the world',
      {
        async check(_, { world }) {
          world.free -= 1;
          return null;
        },
      },
      /^The check changed the world: free was 8 and is 7\.$/,
    ],
    [
      'R7: a revert that cannot be repeated',
      {
        async revert(undo, context) {
          if (undo.failure === undefined && !context.world.reserved.has(keyOf(context))) throw new Error('nothing to undo');
          await sound.revert?.(undo, context);
        },
      },
      /^Revert a second time, after an apply that succeeded, failed: TASK_THREW, nothing to undo\.$/,
    ],
    [
      'R7: a revert that undoes twice',
      {
        async revert({ input: { seats }, failure }, context) {
          if (failure === undefined) context.world.free += seats;
          context.world.reserved.clear();
        },
      },
      /^Revert a second time, after an apply that succeeded, did not restore the world: free was 10 and is 12\.$/,
    ],
    [
      'R5: a revert that needs the output',
      {
        async revert({ output: done }, context) {
          if (done === undefined) throw new Error('Cannot read properties of undefined');
          await sound.revert?.({ input: { seats: 2 }, output: done, failure: undefined }, context);
        },
      },
      /^Revert, when apply had succeeded but its output was lost, failed: TASK_THREW, Cannot read/,
    ],
    [
      'R5: a revert that undoes an effect that apply never had',
      {
        async revert({ input: { seats } }, context) {
          context.world.free = Math.max(10, context.world.free + seats);
          if (!context.world.reserved.delete(keyOf(context))) context.world.free += context.attempt === 3 ? 1 : 0;
        },
      },
      /^Revert, when apply had done nothing, did not restore the world/,
    ],
    [
      'A4: an apply that is wrongly declared repeatable',
      {
        async apply({ seats }, context) {
          context.world.free -= seats;
          context.world.reserved.set(keyOf(context), (context.world.reserved.get(keyOf(context)) ?? 0) + seats);
          return { seats };
        },
      },
      /^The type says that it is repeatable, but repeating it with the same key changed the world again: free was 8 and is 6\.$/,
    ],
    [
      'A4: a probe that says yes too early',
      { probe: async () => ({ happened: 'yes', output: { seats: 2 } }) },
      /happened before it was called/,
    ],
    [
      'A4: a probe that says no when it happened',
      { probe: async () => ({ happened: 'no' }) },
      /says that apply did not happen, but it did/,
    ],
    [
      'a probe whose output is refused',
      { probe: async (given, context) => ({ ...(await sound.probe?.(given, context)), output: {} }) as never },
      /output of the probe is refused: OUTPUT_INVALID/,
    ],
    [
      'S4: an output that does not fit',
      { apply: async (given, context) => ({ ...(await sound.apply(given, context)), seats: 'two' }) as never },
      /The output of apply is refused: OUTPUT_INVALID/,
    ],
    [
      'S4: an output that is not JSON',
      {
        output: z.looseObject({}) as never,
        apply: async (given, context) => ({ ...(await sound.apply(given, context)), at: new Date(0) }),
      },
      /is not JSON, so the recorded output differs: at was "1970.*" and is "1970/,
    ],
    [
      'R9: effects where none were promised',
      { effects: { kind: 'none' } },
      /says that it has no effect, but apply changed the world: free was 10 and is 8/,
    ],
    ['a revert that is never called', { effects: { kind: 'irreversible', reason: 'so it is' } }, /has a revert that is never called/],
    [
      'effects by an unknown input',
      { effects: { cases: [{ when: { field: 'sets', present: true }, effects: { kind: 'none' } }], otherwise: sound.effects as never } },
      /depend on "sets", which is not one/,
    ],
    [
      'A4: repeating its revert by an unknown input',
      { revertRepeatable: { field: 'mode', in: ['x'] } },
      /its revert is repeatable depends on "mode"/,
    ],
    [
      'A4: a probe of the revert that says yes too early',
      { probeRevert: async () => ({ undone: 'yes' }) },
      /says that it is undone before revert was called/,
    ],
    [
      'A4: a probe of the revert that says no when it is undone',
      { probeRevert: async () => ({ undone: 'no' }) },
      /says that it is not undone, but it is/,
    ],
    ['repeating by an unknown input', { repeatable: { field: 'mode', in: ['x'] } }, /repeatable depends on "mode"/],
    [
      'a schema without a form',
      { input: input.extend({ at: z.date().default(new Date(0)) }) as never },
      /The input schema cannot be converted to JSON Schema/,
    ],
    ['an input without a title', { input: z.object({ seats: z.int() }) }, /The input "seats" has no title/],
    [
      'an apply that fails',
      { apply: async () => Promise.reject(new TaskError('NOPE', 'closed')) },
      /^Apply failed: NOPE, closed\. Give the check an input/,
    ],
  ];
  it.each(faults)('%s', async (_, fault, words) => {
    const findings = await check(fault);
    expect(findings.find((finding) => words.test(finding)) ?? findings).toMatch(words);
  });

  it('R5: an effect that a failed apply leaves behind', async () => {
    const half: Partial<Spec> = {
      async apply(given, context) {
        if (given.seats > 10) context.world.free -= 1;
        return sound.apply(given, context);
      },
    };
    expect(await check(half, { failing: { seats: 11 } })).toEqual([
      'Revert, after an apply that failed, did not restore the world: free was 10 and is 9.',
    ]);
  });

  it('R5: a failure that wrongly says that nothing was done', async () => {
    const half: Partial<Spec> = {
      async apply(given, context) {
        if (given.seats <= 10) return sound.apply(given, context);
        context.world.free -= 1;
        context.world.reserved.set(keyOf(context), 1);
        throw new TaskError('QUOTA_FULL', 'Too many.', { nothingDone: true });
      },
    };
    expect(await check(half, { failing: { seats: 11 } })).toEqual([
      'Apply failed and said that nothing was done, but it changed the world: free was 10 and is 9.',
    ]);
  });

  it('a type that was not made by defineTask and has no revert', async () => {
    const { revert: _, ...bare } = defineTask(sound);
    const world: World = { free: 10, reserved: new Map() };
    const type = { ...bare, revert: undefined } as TaskType<World>;
    expect(await checkTask(type, { input: { seats: 1 }, world, observe: () => world.free })).toEqual([
      'The type says that its effects are reversible, but it has no revert.',
    ]);
  });

  it('an input that does not fit', async () => {
    expect(await check({}, { seats: 0 })).toEqual([expect.stringContaining('does not fit at "seats"')]);
  });
});

it('A4: reverts once if the revert may not be repeated', async () => {
  const once: Partial<Spec> = {
    revertRepeatable: false,
    async revert(undo, context) {
      if (undo.failure === undefined && !context.world.reserved.has(keyOf(context))) throw new Error('nothing to undo');
      await sound.revert?.(undo, context);
    },
    probeRevert: async (_, context) => (context.world.reserved.has(keyOf(context)) ? { undone: 'no' } : { undone: 'yes' }),
  };
  expect(await check(once)).toEqual([]);
});

it('applies once and never reverts if the effect cannot be undone', async () => {
  const calls: string[] = [];
  const type = defineTask<typeof input, typeof output, World>({
    ...sound,
    effects: { kind: 'irreversible', reason: 'it is sent' },
    repeatable: false,
    apply: async ({ seats }) => {
      calls.push('apply');
      return { seats };
    },
    revert: async () => void calls.push('revert'),
  });
  await checkTask(type, { input: { seats: 1 }, world: { free: 1, reserved: new Map() }, observe: () => 0 });
  expect(calls).toEqual(['apply']);
});

it.each([
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, 'a.1.b was 2 and is 3'],
  [new Map([['x', 1]]), new Map(), 'x was 1 and is gone'],
  [new Set(['x']), new Set(['x', 'y']), 'y was absent and is true'],
  [Buffer.from('a'), Buffer.from('b'), ' was "97" and is "98"'],
  [[1], { 0: 1 }, 'it was [1] and is {"0":1}'],
  [{ a: undefined }, {}, null],
  [new Date(5), new Date(5), null],
])('%j and %j differ: %s', (before, after, difference) => {
  const found = differenceOf(before, after);
  if (difference === null) expect(found).toBeNull();
  else expect(found).toContain(difference.trim());
});
