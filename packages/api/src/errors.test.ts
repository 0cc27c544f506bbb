import { TRPCError, type TRPCDefaultErrorShape } from '@trpc/server';
import { EngineError } from '@windlass/engine/ports';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isTrouble, wireShape } from './errors.ts';

const shape: TRPCDefaultErrorShape = {
  message: 'x',
  code: -32603,
  data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, path: 'jobs.get', stack: 'at secret.ts' },
};

test('an error of the engine keeps its code and its sentence, also when it comes out of a stream', () => {
  const error = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new EngineError('JOB_UNKNOWN', 'There is no job job_a.') });
  expect(wireShape({ shape, error })).toEqual({
    message: 'There is no job job_a.',
    code: -32004,
    data: { code: 'NOT_FOUND', httpStatus: 404, path: 'jobs.get', engineCode: 'JOB_UNKNOWN' },
  });
  expect(isTrouble(error)).toBe(false);
});

test('what nobody expected says nothing of itself', () => {
  const error = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'password=abc', cause: new Error('password=abc') });
  const sent = JSON.stringify(wireShape({ shape, error }));
  expect(sent).not.toContain('abc');
  expect(sent).not.toContain('secret.ts');
  expect(isTrouble(error)).toBe(true);
});

test('a request that is not understood is answered with a sentence', () => {
  const { error: cause } = z.object({ job: z.string(), limit: z.number() }).safeParse({ limit: 'x' });
  const { message } = wireShape({ shape, error: new TRPCError({ code: 'BAD_REQUEST', cause }) });
  expect(message).toContain('job: Invalid input');
  expect(message).toContain('; limit: ');
});
