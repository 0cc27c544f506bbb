// Fuzz of C1: a random secret, in a random encoding, in a random nested value, through every output of a call. The test
// decodes the runner's output in every way it knows and never finds the secret.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../task/define-task.ts';
import { TaskError } from '../failure/failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { TaskContext } from '../task/task.ts';
import { callOf } from '../testing/call.ts';
import { Waiting } from '../task/wait.ts';
import { CallStop } from './call-stop.ts';
import { inProcessRunner } from './in-process-runner.ts';
import { SecretMask } from './mask-secrets.ts';

const NASTY = ['"', '\\', '/', '%', '+', ' ', '&', '=', '<', 'ß', 'é', '€', '😀', '$&', '\t', 'A', 'z', '9', '-', '_', '.', ':', '@'];
const secret = fc
  .array(fc.constantFrom(...NASTY, ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'), { minLength: 6, maxLength: 40 })
  .map((parts) => parts.join('').trim())
  .filter((value) => value.length >= 6);
/** Text around the secret. No encoding produces it, so a match cannot be by chance. */
const around = fc.constantFrom('', ' ', 'user:', '{"k":"', '"}', 'é', 'abc', 'abcd', 'key=', '\n');

const escapeAll = (text: string) =>
  [...text]
    .map((c) =>
      [...c]
        .flatMap((one) => Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`))
        .join(''),
    )
    .join('');
const asAscii = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/gu, escapeAll);
const bytes = (text: string) => Buffer.from(text, 'utf8');

const ENCODINGS: Record<string, (text: string) => string> = {
  plain: (text) => text,
  'as JSON': (text) => JSON.stringify(text).slice(1, -1),
  'as JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(1, -1),
  'as JSON in ASCII': asAscii,
  'as JSON with \\/': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'in \\u escapes': escapeAll,
  'of a URL': encodeURIComponent,
  'of a whole URL': (text) => encodeURIComponent(text).replace(/%(2F|3A|40|2B|26|3D|24)/g, (one) => decodeURIComponent(one)),
  'of a form': (text) => new URLSearchParams({ v: text }).toString().slice(2),
  'of a URL in a URL': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in percent throughout': (text) => [...bytes(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  hex: (text) => bytes(text).toString('hex'),
  HEX: (text) => bytes(text).toString('hex').toUpperCase(),
  base64: (text) => bytes(text).toString('base64'),
  base64url: (text) => bytes(text).toString('base64url'),
  'base64 in lines': (text) => bytes(text).toString('base64').replace(/.{12}/g, '$&\r\n'),
  'base64 of JSON': (text) => bytes(JSON.stringify({ password: text })).toString('base64'),
  'base64 of base64': (text) => bytes(bytes(text).toString('base64')).toString('base64'),
  'base64 in a URL': (text) => encodeURIComponent(bytes(text).toString('base64')),
  'base64 in JSON with \\/': (text) => bytes(text).toString('base64').replaceAll('/', '\\/'),
};
const encoding = fc.constantFrom(...Object.keys(ENCODINGS));
const encoded = fc.record({ secret, encoding, before: around, after: around });

/** The secret with text around it, both encoded together, so that it begins at any alignment of Base64. */
const written = ({ secret: value, encoding: name, before, after }: { secret: string; encoding: string; before: string; after: string }) =>
  (ENCODINGS[name] as (text: string) => string)(before + value + after);

/** Does the text contain the secret in any encoding? */
function givesAway(text: string, value: string, depth = 3): boolean {
  if (text.includes(value)) return true;
  if (depth === 0) return false;
  const readings = new Set<string>();
  const read = (made: () => string) => {
    try {
      readings.add(made());
    } catch {
      // The text is not in that encoding.
    }
  };
  read(() => JSON.parse(`"${text}"`) as string);
  read(() => decodeURIComponent(text));
  read(() => decodeURIComponent(text.replaceAll('+', ' ')));
  for (const run of text.replace(/[\r\n]/g, '').match(/[\w+/-]{8,}=*/g) ?? []) {
    for (const at of [0, 1, 2, 3]) read(() => Buffer.from(run.slice(at), 'base64').toString('utf8'));
    for (const at of [0, 1]) read(() => Buffer.from(run.slice(at), 'hex').toString('utf8'));
  }
  readings.delete(text);
  return [...readings].some((one) => one !== '' && givesAway(one, value, depth - 1));
}

const nested = (leaf: string): fc.Arbitrary<Json> =>
  fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant(leaf),
      fc.array(tie('value'), { minLength: 1, maxLength: 2 }),
      fc.record({ a: tie('value'), [leaf]: fc.constant(1) }),
    ),
  })).value;

type Way = (value: Json, context: TaskContext) => unknown;
const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
const WAYS: Record<string, Way> = {
  output: (value) => ({ value }),
  'a log line': (value, { log }) => {
    log(text(value));
    return {};
  },
  progress: (value, { progress }) => {
    progress(0.5, text(value));
    return {};
  },
  'a thrown error': (value) => {
    throw new Error(text(value), { cause: Object.assign(new Error(text(value)), { detail: text(value), code: 'X' }) });
  },
  'an error of several': (value) => {
    throw new AggregateError([new Error(text(value))]);
  },
  'a thrown object': (value) => {
    throw { value };
  },
  'the data of a TaskError': (value) => {
    throw new TaskError('FAILED', 'It failed.', { data: value });
  },
  'what it waits for': (value) => new Waiting({ on: 'approval', until: null, by: [text(value)], then: 'fail', question: text(value) }),
  'the output of a wait': (value) => new Waiting({ on: 'job', until: null, job: 'job_a', output: value }),
};

async function whatLeaves(way: Way, value: Json, password: string): Promise<unknown[]> {
  const left: unknown[] = [];
  const type = {
    ...defineTask({
      ...{ type: 't', version: 1, title: 't', summary: 't', icon: 'box', group: 't' },
      ...{ input: z.looseObject({}), output: z.looseObject({}), effects: { kind: 'none' } as const, repeatable: true },
      apply: async () => ({}),
    }),
    apply: async (_: JsonObject, context: TaskContext) => way(value, context),
  };
  const runner = inProcessRunner({
    ...{ catalog: catalogOf([type]), world: null, secrets: { resolve: async () => password } },
    log: (line) => void left.push(line),
  });
  const call = callOf({ input: { key: '{{secret key}}' }, secrets: { key: ['key'] } });
  left.push(await runner.run(call, new CallStop(), (sign) => void left.push(sign)));
  return left;
}

/** Every text in a value. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const part of Object.entries(value).flat()) yield* textsIn(part);
}

describe('a secret does not leave a call (C1, S4)', () => {
  it.each(Object.keys(ENCODINGS))('in any text, written %s, at any alignment', (name) => {
    fc.assert(
      fc.property(secret, around, around, fc.string(), (value, before, after, beside) => {
        const masked = new SecretMask(new Map([['key', value]])).text(
          `${beside} ${written({ secret: value, encoding: name, before, after })}`,
        );
        expect(givesAway(masked, value)).toBe(false);
        expect(masked).toContain('•••key•••');
      }),
      { numRuns: 150 },
    );
  });

  it.each(Object.keys(WAYS))('by %s', async (name) => {
    const shape = encoded.chain((one) => nested(written(one)).map((value) => ({ value, password: one.secret })));
    await fc.assert(
      fc.asyncProperty(shape, async ({ value, password }) => {
        const left = await whatLeaves(WAYS[name] as Way, value, password);
        for (const one of textsIn(left)) expect(givesAway(one, password)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('a value that contains replacement patterns or looks like a placeholder reaches the task unchanged', async () => {
    for (const password of ["pa$$w$&or$'d", '{{secret other}}', '{{secret key}}']) {
      let given: unknown = null;
      const type = {
        ...defineTask({
          ...{ type: 't', version: 1, title: 't', summary: 't', icon: 'box', group: 't' },
          ...{ input: z.looseObject({}), output: z.looseObject({}), effects: { kind: 'none' } as const, repeatable: true },
          apply: async (input) => {
            given = input;
            return {};
          },
        }),
      };
      const secrets = { resolve: async (name: string) => (name === 'key' ? password : 'other') };
      const runner = inProcessRunner({ catalog: catalogOf([type]), world: null, secrets, log: () => {} });
      await runner.run(callOf({ input: { a: 'x{{secret key}}y{{secret other}}' }, secrets: { a: ['key', 'other'] } }), new CallStop());
      expect(given).toEqual({ a: `x${password}yother` });
    }
  });

  it('text without a secret stays unchanged, and a megabyte of Base64 is searched in time', () => {
    const mask = new SecretMask(new Map([['key', 'correct horse battery']]));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(mask.text(plain)).toBe(plain);
      }),
      { numRuns: 500 },
    );
    const large = Buffer.alloc(750_000, 'lorem ipsum %41 \\n dolor').toString('base64');
    expect(mask.text(large)).toBe(large);
  });
});
