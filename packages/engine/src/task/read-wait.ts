// Checks what a task says that it waits for, before it is recorded: a wait without a time or a name would never end, and no
// screen could say what it waits for (I7).
import { z } from 'zod';
import type { Failure } from '../failure/failure.ts';
import { isJsonObject } from '../json.ts';
import { parseJson } from '../parse-json.ts';
import { payloadExcess, writtenJson } from '../payload.ts';
import { wordsOf } from '../failure/thrown.ts';
import type { Wait } from './wait.ts';

/** The last time that a Date can have. */
const LAST_TIME = 8.64e15;

const time = z.number().min(-LAST_TIME).max(LAST_TIME).transform(Math.ceil);
const until = time.nullable();
const output = z.unknown();
const waitSchema = z.discriminatedUnion(
  'on',
  [
    z.object({ on: z.literal('timer'), until: time, output: output.optional(), byWallClock: z.literal(true).optional() }),
    z.object({ on: z.literal('approval'), until, by: z.array(z.string()), then: z.enum(['fail', 'approve']), question: z.string() }),
    z.object({ on: z.literal('signal'), until, name: z.string().min(1), then: z.enum(['fail', 'go_on']) }),
    z.object({ on: z.literal('job'), until, job: z.string().min(1), output: output.optional(), ends: z.literal(true).optional() }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'expected timer, approval, signal or job' : undefined) },
);

export type ReadWait = { readonly kind: 'wait'; readonly wait: Wait } | { readonly kind: 'failed'; readonly failure: Failure };

/** The wait as it is recorded, or the failure of the attempt that said it. Never throws. */
export function readWait(said: unknown): ReadWait {
  try {
    const excess = payloadExcess('What the task waits for', said);
    if (excess !== null) return { kind: 'failed', failure: excess };
    const { data, error } = parseJson(waitSchema, said);
    if (data === undefined) return invalid(issueWords(error?.issues[0]));
    if (data.on === 'approval' || data.on === 'signal') return { kind: 'wait', wait: data };
    const written = data.output === undefined ? undefined : writtenJson(data.output);
    if (data.on === 'job') {
      const { ends, ...wait } = data;
      return { kind: 'wait', wait: { ...wait, output: written ?? null, ...(ends === true ? { ends } : {}) } };
    }
    const timer = { on: data.on, until: data.until, ...(data.byWallClock ? { byWallClock: true as const } : {}) };
    if (written === undefined) return { kind: 'wait', wait: timer };
    return isJsonObject(written) ? { kind: 'wait', wait: { ...timer, output: written } } : invalid('"output" is no JSON object');
  } catch (thrown) {
    return invalid(wordsOf(thrown, (text) => text));
  }
}

/** A failed attempt, like one whose output does not fit. */
export function waitInvalid(message: string): Failure {
  return { code: 'WAIT_INVALID', message };
}

function invalid(why: string): ReadWait {
  return { kind: 'failed', failure: waitInvalid(`The task cannot wait for what it says: ${why.replace(/\.$/, '')}.`) };
}

function issueWords(issue: z.core.$ZodIssue | undefined): string {
  const field = issue?.path.join('.') ?? '';
  return `${field === '' ? '' : `"${field}": `}${issue?.message ?? 'unknown'}`;
}
