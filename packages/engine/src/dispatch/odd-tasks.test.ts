// Tasks are code of other authors: whatever they throw, answer or do, a call ends with an outcome that can be recorded.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../task/define-task.ts';
import { TaskError } from '../failure/failure.ts';
import type { JsonObject } from '../json.ts';
import type { TaskContext, TaskType } from '../task/task.ts';
import { callOf } from '../testing/call.ts';
import { inProcessRunner } from './in-process-runner.ts';
import type { SignOfLife, TaskCall, TaskOutcome } from './task-runner.ts';

type Body = (input: JsonObject, context: TaskContext) => unknown;

/** Runs one call of a type that did not pass defineTask, so its code can do anything. */
async function run(body: Body, more: Partial<TaskCall> = {}, signal = new AbortController().signal) {
  const made = defineTask({
    type: 't',
    version: 1,
    title: 't',
    summary: 't',
    icon: 'box',
    group: 't',
    input: z.looseObject({}),
    output: z.looseObject({}),
    effects: { kind: 'reversible', undo: 'undoes it' },
    repeatable: true,
    apply: async () => ({}),
    revert: async () => {},
  });
  const odd = body as TaskType['apply'];
  const type: TaskType = { ...made, apply: odd, revert: odd as never, probe: odd as never };
  const lines: string[] = [];
  const signs: SignOfLife[] = [];
  const secrets = { resolve: async () => 'hunter2' };
  const runner = inProcessRunner({ catalog: catalogOf([type]), world: {}, secrets, log: ({ text }) => void lines.push(text) });
  const outcome = await runner.run(callOf(more), { signal }, (sign) => void signs.push(sign));
  // The recorded outcome is always JSON.
  expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  return { outcome, lines, signs };
}

const failureOf = (outcome: TaskOutcome) => (outcome.kind === 'failed' ? outcome.failure : null);
const throwing = (make: () => unknown) => async () => {
  throw make();
};
const nested = (depth: number) => {
  let value: unknown = {};
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
};
const circular = () => {
  const value: { self?: unknown } = {};
  value.self = [value];
  return value;
};
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('no');
    },
    getPrototypeOf: () => {
      throw new Error('no');
    },
    ownKeys: () => {
      throw new Error('no');
    },
  },
);
const selfCaused = () => {
  const error = new Error('round');
  error.cause = error;
  return error;
};
class Unreadable extends Error {
  override get message(): string {
    throw new Error('reading message');
  }
  override get cause(): unknown {
    throw new Error('reading cause');
  }
}

// Functions make the values, because the test runner itself fails on some of them.
describe('a value that a task throws', () => {
  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a string', () => 'no'],
    ['a symbol', () => Symbol('no')],
    ['a function', () => () => 1],
    ['a frozen object', () => Object.freeze({ code: 'X' })],
    ['an object without a prototype', () => Object.create(null)],
    ['an error whose getters throw', () => new Unreadable()],
    ['an error that is its own cause', () => selfCaused()],
    ['an error whose message is an object', () => Object.assign(new Error('x'), { message: { toString: () => 'odd' } })],
    ['a proxy that refuses everything', () => hostile],
    ['a message of ten million characters', () => new Error('x'.repeat(10_000_000))],
  ])('S3: %s becomes a failure with a sentence', async (_, make) => {
    const failure = failureOf((await run(throwing(make))).outcome);
    expect(failure).toMatchObject({ code: 'TASK_THREW', message: expect.any(String) });
    expect(failure?.message.length).toBeLessThan(5_000);
  });

  it.each<[string, () => unknown]>([
    ['a bigint', () => 1n],
    ['a circular object', () => circular()],
    ['an object nested 100,000 deep', () => nested(100_000)],
    ['2 MiB of text', () => 'x'.repeat(2 ** 21)],
    ['a function', () => () => 1],
    ['a proxy that refuses everything', () => hostile],
  ])('S4: data that is %s does not prevent recording the failure', async (_, make) => {
    const { outcome } = await run(throwing(() => new TaskError('OWN_CODE', 'said', { data: make() as never })));
    expect(failureOf(outcome)).toMatchObject({ code: 'OWN_CODE', message: 'said', data: expect.any(String) });
  });

  it('keeps code and data of a TaskError that another copy of the engine made', async () => {
    const foreign = Object.assign(new Error('full'), { name: 'TaskError', code: 'QUOTA_FULL', data: { left: 0 } });
    expect(failureOf((await run(throwing(() => foreign))).outcome)).toEqual({ code: 'QUOTA_FULL', message: 'full', data: { left: 0 } });
  });

  it('S4: a secret is masked also where its text is cut', async () => {
    const order = { input: { key: '{{secret key}}' }, secrets: { key: ['key'] } };
    const { outcome } = await run(
      throwing(() => new Error(`${'x'.repeat(3_996)}hunter2`)),
      order,
    );
    expect(failureOf(outcome)?.message).not.toContain('hunt');
  });

  it('A5: a task that rejects after its abort is ABORTED, with its own message', async () => {
    const abort = new AbortController();
    const stubborn: Body = async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('stopped half way');
    };
    const running = run(stubborn, {}, abort.signal);
    setImmediate(() => abort.abort());
    const { outcome } = await running;
    expect(failureOf(outcome)).toMatchObject({ code: 'ABORTED', message: 'stopped half way' });
  });
});

describe('the answer of a task', () => {
  it.each<[string, () => unknown, string]>([
    ['a symbol', () => Symbol('x'), 'OUTPUT_INVALID'],
    ['a bigint within', () => ({ n: [1n] }), 'OUTPUT_INVALID'],
    ['a circular object', () => circular(), 'PAYLOAD_TOO_DEEP'],
    ['an object nested 100,000 deep', () => nested(100_000), 'PAYLOAD_TOO_DEEP'],
    ['an object nested 201 deep', () => nested(201), 'PAYLOAD_TOO_DEEP'],
    ['more than 1 MiB of text', () => ({ text: 'x'.repeat(2 ** 20) }), 'PAYLOAD_TOO_LARGE'],
    ['text that is more than 1 MiB once escaped', () => ({ text: '\u0001'.repeat(200_000) }), 'PAYLOAD_TOO_LARGE'],
    ['a million numbers', () => ({ list: Array.from({ length: 1_000_000 }, () => 1) }), 'PAYLOAD_TOO_LARGE'],
    ['a tree that shares its branches 2^60 times', () => shared(60), 'PAYLOAD_TOO_LARGE'],
    ['a proxy that refuses everything', () => ({ hostile }), 'OUTPUT_INVALID'],
  ])('S4: %s is a failure', async (_, make, code) => {
    expect(failureOf((await run(async () => make())).outcome)?.code).toBe(code);
  });

  it('S4: an answer just within the limits is recorded', async () => {
    const text = 'x'.repeat(2 ** 20 - '{"text":""}'.length);
    expect((await run(async () => ({ text }))).outcome).toEqual({ kind: 'done', output: { text } });
    expect((await run(async () => nested(200))).outcome.kind).toBe('done');
  });

  it('A3: of several answers the first one counts', async () => {
    const twice = () => ({
      then: (resolve: (value: unknown) => void, reject: (cause: unknown) => void) => {
        resolve({ n: 1 });
        resolve({ n: 2 });
        reject(new Error('late'));
      },
    });
    expect((await run(twice)).outcome).toEqual({ kind: 'done', output: { n: 1 } });
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a word of its own', () => ({ happened: 'maybe' })],
  ])('A4: a probe that answers with %s counts as unknown', async (_, make) => {
    const { outcome } = await run(async () => make(), { kind: 'probe' });
    expect(['unknown', 'failed']).toContain(outcome.kind);
  });
});

describe('a task and its input', () => {
  const changing: Body = async (input) => {
    const given = input as { list: number[]; nested: { n: number }; input?: { list: number[] }; output?: JsonObject };
    (given.input?.list ?? given.list).push(4);
    if (given.output) given.output['more'] = true;
    return {};
  };

  it('R6: the recorded input is not changed by an apply that changes its own', async () => {
    const input = { list: [1, 2, 3], nested: { n: 1 } };
    await run(changing, { input });
    expect(input).toEqual({ list: [1, 2, 3], nested: { n: 1 } });
  });

  it('R6: the recorded input and output are not changed by a revert that changes its own', async () => {
    const input = { list: [1, 2, 3] };
    const output = { id: 'x' };
    await run(changing, { kind: 'revert', input, output });
    expect([input, output]).toEqual([{ list: [1, 2, 3] }, { id: 'x' }]);
  });

  it('a field named __proto__ is a field', async () => {
    const input = JSON.parse('{"__proto__": {"admin": true}}') as JsonObject;
    const { outcome } = await run(async (given) => ({ own: Object.hasOwn(given, '__proto__'), admin: given['admin'] ?? false }), { input });
    expect(outcome).toEqual({ kind: 'done', output: { own: true, admin: false } });
  });

  it('log lines and progress after its end are dropped', async () => {
    let speakLate = () => {};
    const { lines, signs } = await run(async (_, { log, progress, heartbeat }) => {
      log('in time');
      speakLate = () => {
        log('late');
        progress(0.5);
        heartbeat();
      };
      return {};
    });
    speakLate();
    expect([lines, signs]).toEqual([['in time'], []]);
  });

  it('A6: odd progress is bounded, and secrets in it are masked', async () => {
    const { signs, lines } = await run(
      async (_, { log, progress, heartbeat }) => {
        progress(0.25, 'with hunter2');
        progress(7);
        progress(-1, 'x'.repeat(1_000));
        progress(Number.NaN);
        progress('half' as never, Symbol('odd') as never);
        heartbeat();
        log(hostile as never);
        return {};
      },
      { input: { key: '{{secret key}}' }, secrets: { key: ['key'] } },
    );
    expect(signs.map(({ fraction }) => fraction)).toEqual([0.25, 1, 0, null, null, null]);
    expect(signs[0]?.message).toBe('with •••key•••');
    expect(signs[2]?.message).toHaveLength(201);
    expect(lines).toEqual(['(a value that cannot be shown as text)']);
  });
});

/** A value whose branches are all the same object, so that its JSON text would be endless. */
function shared(depth: number): unknown {
  let value: unknown = 'leaf';
  for (let level = 0; level < depth; level += 1) value = [value, value];
  return value;
}
