// A failure keeps the text, code, facts, causes and origin of any thrown value, bounded and readable.
import fc from 'fast-check';
import { connect } from 'node:net';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TaskError, failureFrom } from './failure.ts';

/** Like an error of `pg`: an Error with members of its own. */
function databaseError() {
  return Object.assign(new Error('duplicate key value violates unique constraint "machine_name_key"'), {
    ...{ name: 'error', length: 213, severity: 'ERROR', code: '23505', detail: 'Key (name)=(m1) already exists.' },
    ...{ hint: undefined, table: 'machine', constraint: 'machine_name_key', routine: '_bt_check_unique' },
  });
}

describe('a failure keeps what was thrown (S3)', () => {
  it('code and data of a database error, as its own or as a cause', () => {
    expect(failureFrom(databaseError())).toMatchObject({
      code: '23505',
      message: expect.stringContaining('machine_name_key'),
      data: { severity: 'ERROR', detail: 'Key (name)=(m1) already exists.', table: 'machine', constraint: 'machine_name_key' },
    });
    const { causes } = failureFrom(new TaskError('SAVE_FAILED', 'The machine was not saved.', { cause: databaseError() }));
    expect(causes).toEqual([expect.stringMatching(/^duplicate key .*\(23505; .*detail: Key \(name\)=\(m1\) already exists\./)]);
  });

  it('code, call and path of a system error', async () => {
    const thrown = await readFile('/no/such/file').catch((error: unknown) => error);
    expect(failureFrom(thrown)).toMatchObject({ code: 'ENOENT', data: { syscall: 'open', path: '/no/such/file' } });
  });

  it('every address of a connection that was tried at several', async () => {
    const inner = await new Promise<unknown>((resolve) => connect({ host: '127.0.0.1', port: 1 }).on('error', resolve));
    const other = Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED', address: '::1' });
    const failure = failureFrom(Object.assign(new AggregateError([inner, other]), { code: 'ECONNREFUSED' }));
    expect(failure.code).toBe('ECONNREFUSED');
    expect(failure.message).toContain('127.0.0.1:1');
    expect(failure.causes).toEqual([expect.stringContaining('127.0.0.1:1'), expect.stringContaining('::1:1')]);
  });

  it('the whole tree of causes, each once', () => {
    const root = new Error('root');
    const gathered = new AggregateError([new Error('left', { cause: root }), new Error('right', { cause: root })], 'both failed');
    expect(failureFrom(new Error('top', { cause: gathered })).causes).toEqual(['both failed', 'left', 'root', 'right']);
  });

  it('the stack of the error and of its causes; of a TaskError only those of its causes', () => {
    const { stack } = failureFrom(new TypeError('x', { cause: new RangeError('deep') }));
    expect(stack).toMatch(/^at .*failure\.test\.ts:\d+:\d+/);
    expect(stack).toMatch(/because: deep\nat .*failure\.test\.ts/);
    expect(stack).not.toContain('node:internal');
    expect(failureFrom(new TaskError('X', 'said'))).toEqual({ code: 'X', message: 'said' });
    expect(failureFrom(new TaskError('X', 'said', { cause: new Error('y') })).stack).toContain('failure.test.ts');
  });

  it.each<[string, unknown, object]>([
    ['a plain object', { status: 503, body: { why: 'full' } }, { message: '{"status":503,"body":{"why":"full"}}', data: { status: 503 } }],
    ['an object with a message', { message: 'no room', left: 0 }, { message: 'no room', data: { left: 0 } }],
    ['a list', ['a', 1], { message: '["a",1]', data: ['a', 1] }],
    ['a string', 'no', { message: 'no' }],
    ['an error whose message is an object', Object.assign(new Error('x'), { message: { why: 'odd' } }), { message: '{"why":"odd"}' }],
    [
      'an error of another realm',
      { name: 'Error', message: 'far', stack: 'Error: far\n    at there (/t.js:1:2)' },
      { stack: 'at there (/t.js:1:2)' },
    ],
  ])('%s readably, never as [object Object]', (_, thrown, expected) => {
    expect(failureFrom(thrown)).toMatchObject({ code: 'TASK_THREW', ...expected });
  });

  it('no large member of an error: a client, a request, a buffer', () => {
    const client = { sockets: Array.from({ length: 1_000 }, (_, at) => ({ at })) };
    const thrown = Object.assign(new Error('x'), { client, self: null as unknown, on: () => {}, kept: { small: true } });
    thrown.self = thrown;
    expect(failureFrom(thrown).data).toEqual({ kept: { small: true } });
  });

  it('any value, within 64 KiB as JSON, without adding [object Object]', () => {
    const thrown = fc.oneof(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withTypedArray: true,
      }),
      fc.tuple(fc.string(), fc.anything(), fc.dictionary(fc.string(), fc.anything())).map(([message, cause, more]) => {
        const error = new Error(message, { cause });
        for (const [name, value] of Object.entries(more)) Object.defineProperty(error, name, { value, enumerable: true });
        return error;
      }),
      fc.array(fc.anything()).map((errors) => new AggregateError(errors)),
    );
    fc.assert(
      fc.property(thrown, (value) => {
        const failure = failureFrom(value);
        const text = JSON.stringify(failure);
        expect(JSON.parse(text)).toEqual(failure);
        expect(text.length).toBeLessThan(65_536);
        expect(failure.message).not.toBe('[object Object]');
      }),
      { numRuns: 1_000 },
    );
  });
});
