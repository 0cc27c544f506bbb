import { type Failure, type Json, isJsonObject, type TaskContext, TaskError, defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import type { HttpAnswer, HttpOrder } from './http-client.ts';
import { headers, timeoutMs } from './http-fields.ts';
import { fillBody, fillHeaders, fillText, fillUrl, hasPlaceholders } from './placeholders.ts';
import type { World } from '../world.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const SAFE: readonly string[] = ['GET', 'HEAD'];
const MOST_TEXT = 100_000;
const FILLED = 'Values of the answer can be put in, such as {output.body.id} or {output.headers.etag}.';

const input = z.object({
  method: z.enum(METHODS).default('GET').meta({ title: 'Method', description: 'GET and HEAD change nothing and need no undoing.' }),
  url: z.string().min(1).meta({
    title: 'Address',
    description: 'An http or https address. The person who runs the server must allow private addresses.',
    format: 'uri',
  }),
  headers: headers.meta({ title: 'Headers', description: 'An Idempotency-Key that stays the same when the request is repeated is added.' }),
  body: z.json().optional().meta({ title: 'Body', description: 'Text is sent as it is, anything else as JSON.', format: 'multiline' }),
  expect: z
    .array(z.int().min(100).max(599))
    .default([])
    .meta({ title: 'Accepted statuses', description: 'Any other answer is a failure. Empty: any from 200 to 299.' }),
  notDone: z.array(z.int().min(500).max(599)).default([]).meta({
    title: 'Statuses of nothing done',
    description:
      'Answers from 500 to 599 after which this service has certainly done nothing, such as 503 of one that is overloaded. Then nothing is undone. From 400 to 499 this holds always.',
  }),
  timeoutMs: timeoutMs.meta({ title: 'Time limit (ms)', description: 'For the whole answer, redirects included.' }),
  undo: z
    .object({
      method: z.enum(METHODS).default('DELETE').meta({ title: 'Method', description: 'How the undoing request is sent.' }),
      url: z
        .string()
        .min(1)
        .meta({ title: 'Address', description: `${FILLED} They are URL-encoded.`, format: 'uri' }),
      headers: headers.meta({ title: 'Headers', description: FILLED }),
      body: z.json().optional().meta({ title: 'Body', description: FILLED, format: 'multiline' }),
    })
    .optional()
    .meta({
      title: 'Request that undoes it',
      description: 'Is sent when this step is reverted. Without it the request cannot be undone.',
      stage: 'revert',
    }),
});
const output = z.object({
  status: z.number().meta({ title: 'Status' }),
  url: z.string().meta({ title: 'Address', description: 'After redirects.' }),
  headers: z
    .record(z.string(), z.string())
    .meta({ title: 'Headers', description: 'content-type, etag, location and last-modified, where they were sent.' }),
  body: z.json().meta({ title: 'Body', description: 'Parsed where it is JSON, else text.' }),
});
type Input = z.output<typeof input>;
type Context = TaskContext<World>;

export const httpRequest = defineTask({
  type: 'http.request',
  version: 1,
  title: 'HTTP request',
  summary: 'Sends a request. Revert sends the request that undoes it, if you give one.',
  icon: 'globe',
  group: 'Network',
  input,
  output,
  effects: {
    cases: [
      { when: { field: 'method', in: ['GET', 'HEAD'] }, effects: { kind: 'none' } },
      { when: { field: 'undo', present: true }, effects: { kind: 'reversible', undo: 'sends the request that undoes it' } },
    ],
    otherwise: { kind: 'irreversible', reason: 'no request that undoes it is given' },
  },
  mayEditOutput: true,
  undoNeedsOutput: {
    field: 'undo',
    mentions: '{output.',
    unless: 'notDone',
    advice: 'List under “Statuses of nothing done” the answers after which the service has done nothing, such as 503.',
  },
  repeatable: { field: 'method', in: ['GET', 'HEAD', 'PUT', 'DELETE'] },
  async apply({ method, url, headers: given, body, expect, notDone, timeoutMs }, { world, idempotencyKey, signal }: Context) {
    const answer = await world.http.send({ method, url, ...payload(body, given, idempotencyKey), timeoutMs, signal });
    const accepted = expect.length === 0 ? isFine(answer) : expect.includes(answer.status);
    if (!accepted) throw notAccepted(method, url, { answer, nothingDone: didNothing(answer, notDone) });
    return shown(answer);
  },
  async revert({ input: { method, undo, timeoutMs }, output: done, failure }, { world, idempotencyKey, signal }: Context) {
    if (undo === undefined || SAFE.includes(method)) return;
    const answered = done ?? answerIn(failure);
    if (answered === null && hasPlaceholders(undo as Json)) {
      throw new TaskError(
        'UNDO_INCOMPLETE',
        'Whether the request took effect is not known, and there is no answer to fill the undoing request from. Look there, then mark this as reverted.',
      );
    }
    const order = undoOrder(undo, answered, idempotencyKey);
    const answer = await world.http.send({ ...order, timeoutMs, signal });
    const isGone = undo.method === 'DELETE' && (answer.status === 404 || answer.status === 410);
    if (!isGone && !isFine(answer)) throw notAccepted(order.method, order.url, { answer, nothingDone: false });
  },
});

/** Statuses of a server that does not know the method or the version of HTTP. */
const UNKNOWN_TO_SERVER = [501, 505];

/**
 * A 4xx answer means that the server did nothing. After any other 5xx the server may have failed when it had done part of
 * the request, or a gateway may have lost the answer (T1), unless the author lists the status in `notDone`. After a redirect the
 * first server may have carried out the request.
 */
function didNothing({ status, redirects }: HttpAnswer, notDone: readonly number[]): boolean {
  if (redirects > 0 || status < 400) return false;
  return status < 500 || UNKNOWN_TO_SERVER.includes(status) || notDone.includes(status);
}

/** The answer that a failure brought with it, shaped as an output. */
function answerIn(failure: Failure | undefined): Json {
  const data = failure?.code === 'HTTP_STATUS' ? failure.data : undefined;
  return isJsonObject(data) && Number(data['status']) < 400 ? data : null;
}

function undoOrder(undo: NonNullable<Input['undo']>, answered: Json, idempotencyKey: string) {
  const given = fillHeaders(undo.headers, answered);
  const type = Object.entries(given).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const { body } = undo;
  const filled = body === undefined ? undefined : typeof body === 'string' ? fillText(body, answered, type) : fillBody(body, answered);
  return { method: undo.method, url: fillUrl(undo.url, answered), ...payload(filled, given, idempotencyKey) };
}

/** Headers in lower case. Headers of the author override added headers. */
function payload(
  body: Json | undefined,
  given: { readonly [name: string]: string },
  idempotencyKey: string,
): Pick<HttpOrder, 'headers' | 'body'> {
  const named = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const all = { 'idempotency-key': idempotencyKey, ...named };
  if (body === undefined) return { headers: all };
  if (typeof body === 'string') return { headers: all, body };
  return { headers: { 'content-type': 'application/json', ...all }, body: JSON.stringify(body) };
}

function isFine({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

function notAccepted(method: string, url: string, { answer, nothingDone }: { answer: HttpAnswer; nothingDone: boolean }): TaskError {
  const seen = shown({ ...answer, text: answer.text.length > 10_000 ? cut(answer.text, 2_000) : answer.text });
  return new TaskError('HTTP_STATUS', `${method} ${url} answered ${answer.status}.`, { data: seen, nothingDone });
}

function shown(answer: HttpAnswer) {
  const wanted = ['content-type', 'etag', 'location', 'last-modified'];
  const kept = wanted.flatMap((name) => (answer.headers[name] === undefined ? [] : [[name, answer.headers[name]] as const]));
  return { status: answer.status, url: answer.url, headers: Object.fromEntries(kept), body: bodyOf(answer) };
}

function bodyOf({ headers: all, text }: HttpAnswer): Json {
  if (!/\bjson\b/.test(all['content-type'] ?? '')) return cut(text, MOST_TEXT);
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The content type says JSON and the body is no JSON: then the body is text.
    return cut(text, MOST_TEXT);
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length - most} more characters)` : text;
}
