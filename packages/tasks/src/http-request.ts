import { type Json, TaskError, defineTask, isJsonObject } from '@windlass/engine';
import { z } from 'zod';
import type { HttpAnswer } from './http-client.ts';
import type { World } from './world.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const headers = z.record(z.string(), z.string());

const input = z.object({
  method: z.enum(METHODS).default('GET').meta({ title: 'Method' }),
  url: z.string().min(1).meta({ title: 'Address', format: 'uri' }),
  headers: headers.default({}).meta({ title: 'Headers' }),
  body: z.json().optional().meta({ title: 'Body', description: 'Text is sent as it is, anything else as JSON.', format: 'multiline' }),
  expect: z.array(z.int().min(100).max(599)).default([]).meta({ title: 'Accepted statuses', description: 'Empty: any from 200 to 299.' }),
  timeoutMs: z.int().min(100).max(600_000).default(30_000).meta({ title: 'Time limit (ms)' }),
  undo: z
    .object({
      method: z.enum(METHODS).default('DELETE').meta({ title: 'Method' }),
      url: z.string().min(1).meta({ title: 'Address', description: 'May use {output.body.id} and the like from the answer.', format: 'uri' }),
      headers: headers.default({}).meta({ title: 'Headers' }),
      body: z.json().optional().meta({ title: 'Body', format: 'multiline' }),
    })
    .optional()
    .meta({ title: 'Request that undoes it', stage: 'revert' }),
});

export const httpRequest = defineTask({
  type: 'http.request',
  version: 1,
  title: 'HTTP request',
  summary: 'Sends a request. Revert sends the request that undoes it, if you give one.',
  icon: 'globe',
  group: 'Network',
  input,
  output: z.object({ status: z.number(), url: z.string(), headers: z.record(z.string(), z.string()), body: z.json() }),
  effects: {
    cases: [
      { when: { field: 'method', in: ['GET', 'HEAD'] }, effects: { kind: 'none' } },
      { when: { field: 'undo', present: true }, effects: { kind: 'reversible', undo: 'sends the request that undoes it' } },
    ],
    otherwise: { kind: 'irreversible', reason: 'the request was sent and no request that undoes it was given' },
  },
  repeatable: { field: 'method', in: ['GET', 'HEAD', 'PUT', 'DELETE'] },
  async apply({ method, url, headers: given, body, expect, timeoutMs }, { world, idempotencyKey, signal }: Context) {
    const answer = await world.http.send({ method, url, ...payload(body, { ...given, 'idempotency-key': idempotencyKey }), timeoutMs, signal });
    const accepted = expect.length === 0 ? answer.status >= 200 && answer.status < 300 : expect.includes(answer.status);
    if (!accepted) throw notAccepted(method, url, answer);
    return { status: answer.status, url: answer.url, headers: someHeaders(answer), body: bodyOf(answer) };
  },
  async revert({ input: { undo, timeoutMs }, output, failure }, { world, idempotencyKey, signal }: Context) {
    if (undo === undefined) return;
    // A refused request did nothing; one whose answer never came may have, but then there is nothing to fill in.
    if (output === undefined && (failure?.code.startsWith('HTTP_') || /\{output\./.test(undo.url))) return;
    const filled = output ?? null;
    const url = fill(undo.url, filled, encodeURIComponent);
    const body = undo.body === undefined ? undefined : fillJson(undo.body, filled);
    const answer = await world.http.send({ method: undo.method, url, ...payload(body, { ...undo.headers, 'idempotency-key': idempotencyKey }), timeoutMs, signal });
    const gone = undo.method === 'DELETE' && (answer.status === 404 || answer.status === 410);
    if (!gone && (answer.status < 200 || answer.status >= 300)) throw notAccepted(undo.method, url, answer);
  },
});

type Context = { world: World; idempotencyKey: string; signal: AbortSignal };

function payload(body: Json | undefined, given: { [name: string]: string }) {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  if (body === undefined) return { headers: given };
  if (typeof body === 'string') return { headers: given, body };
  return { headers: names.has('content-type') ? given : { ...given, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function notAccepted(method: string, url: string, answer: HttpAnswer): TaskError {
  return new TaskError('HTTP_STATUS', `${method} ${url} answered ${answer.status}.`, {
    data: { status: answer.status, body: answer.text.slice(0, 2_000) },
  });
}

function someHeaders({ headers: all }: HttpAnswer): { [name: string]: string } {
  const wanted = ['content-type', 'etag', 'location', 'last-modified'];
  return Object.fromEntries(wanted.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

function bodyOf({ headers: all, text }: HttpAnswer): Json {
  if (!/\bjson\b/.test(all['content-type'] ?? '')) return text.slice(0, 100_000);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text.slice(0, 100_000);
  }
}

/** Puts `{output.a.b}` in; one pass, so that what is put in is never read as a placeholder again. */
function fill(text: string, output: Json, encode: (value: string) => string): string {
  return text.replace(/\{output((?:\.[A-Za-z0-9_-]+)+)\}/g, (whole, path: string) => {
    const value = path
      .slice(1)
      .split('.')
      .reduce<Json | undefined>((at, step) => (Array.isArray(at) ? at[Number(step)] : isJsonObject(at) ? at[step] : undefined), output);
    if (value === undefined) throw new TaskError('UNDO_INCOMPLETE', `The answer had no ${whole.slice(1, -1)}, so the undoing request cannot be made.`);
    return encode(typeof value === 'string' ? value : JSON.stringify(value));
  });
}

function fillJson(value: Json, output: Json): Json {
  if (typeof value === 'string') return fill(value, output, (text) => text);
  if (Array.isArray(value)) return value.map((one) => fillJson(one, output));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillJson(one, output)]));
}
