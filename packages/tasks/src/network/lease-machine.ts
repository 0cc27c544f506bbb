// A machine, or another resource of a service, taken over HTTP in three stages: reserved, configured, acquired; and given
// back in reverse order.
import { type Json, isJsonObject, type TaskContext, TaskError, defineResource } from '@windlass/engine/task';
import { z } from 'zod';
import type { HttpAnswer } from './http-client.ts';
import { headers, timeoutMs } from './http-fields.ts';
import type { World } from '../world.ts';

const input = z.object({
  service: z.string().min(1).meta({
    title: 'Reservations of the service',
    description: 'POST here reserves and answers with an id; what belongs to a reservation is below /ID.',
    format: 'uri',
  }),
  wanted: z.json().default({}).meta({ title: 'Wanted', description: 'What to reserve, sent as JSON.', format: 'multiline' }),
  configuration: z.json().optional().meta({
    title: 'Configuration',
    description: 'Sent with PUT to /ID/configuration. Left out: it is not configured.',
    format: 'multiline',
  }),
  headers: headers.meta({ title: 'Headers', description: 'Sent with each request.' }),
  timeoutMs: timeoutMs.meta({ title: 'Time limit (ms)', description: 'Of each request.' }),
});
const output = z.object({
  id: z.string().min(1).meta({ title: 'Id', description: 'Of the reservation, as the service gave it.' }),
  name: z.string().meta({ title: 'Name', description: 'As the service calls it; its id where it does not say.' }),
  configured: z.boolean().meta({ title: 'Configured' }),
  access: z.json().meta({ title: 'Access', description: 'What the service answered when it was acquired.' }),
});
type Input = z.output<typeof input>;
type Context = TaskContext<World>;

export const leaseMachine = defineResource({
  type: 'machine.lease',
  version: 1,
  title: 'Lease a machine',
  summary: 'Reserves, configures and acquires something from a service over HTTP. Revert gives it back stage by stage.',
  icon: 'server',
  group: 'Network',
  input,
  output,
  effects: { kind: 'reversible', undo: 'gives it back to the service' },
  // Each request carries a key that stays the same when it is repeated.
  repeatable: true,
  label: ({ name, id }) => name ?? id ?? '',
  async reserve(given, _held, context: Context) {
    const answer = await send(given, context, { method: 'POST', path: '', body: given.wanted });
    const body = bodyOf(answer);
    const id = isJsonObject(body) && (typeof body['id'] === 'string' || typeof body['id'] === 'number') ? String(body['id']) : '';
    if (id === '')
      throw new TaskError('RESERVATION_INVALID', `${given.service} answered without an id, so nothing of it can be used or given back.`);
    return { id, name: isJsonObject(body) && typeof body['name'] === 'string' ? body['name'] : id };
  },
  async configure(given, { id }, context: Context) {
    if (given.configuration === undefined) return { configured: false };
    await send(given, context, { method: 'PUT', path: `${pathOf(id)}/configuration`, body: given.configuration });
    return { configured: true };
  },
  async acquire(given, { id }, context: Context) {
    return { access: bodyOf(await send(given, context, { method: 'POST', path: `${pathOf(id)}/acquisition`, body: {} })) };
  },
  async release({ input: given, held }, context: Context) {
    await remove(given, context, `${pathOf(held.id)}/acquisition`);
  },
  async unconfigure({ input: given, held }, context: Context) {
    if (given.configuration !== undefined) await remove(given, context, `${pathOf(held.id)}/configuration`);
  },
  async unreserve({ input: given, held }, context: Context) {
    // The machine may be reserved and its id lost: the service finds the machine by the key of the request.
    if (held.id === undefined) await remove(given, context, `?key=${encodeURIComponent(keyOf(context))}`);
    else await remove(given, context, pathOf(held.id));
  },
  async check({ input: given, held }, context: Context) {
    const answer = await context.world.http.send({ method: 'GET', url: `${given.service}${pathOf(held.id)}`, ...rest(given, context) });
    return answer.status < 300 ? null : `The service answers ${answer.status} for ${held.name ?? held.id}.`;
  },
});

interface Order {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
}

async function send(given: Input, context: Context, { method, path, body }: Order): Promise<HttpAnswer> {
  const url = `${given.service}${path}`;
  const answer = await context.world.http.send({ method, url, ...rest(given, context), body: JSON.stringify(body) });
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new TaskError('HTTP_STATUS', `${method} ${url} answered ${answer.status}.`, {
    data: { status: answer.status, body: answer.text.slice(0, 2_000) },
    // A refusal; after a redirect the first server may have carried out the request.
    nothingDone: answer.status >= 400 && answer.status < 500 && answer.redirects === 0,
  });
}

/** A missing machine counts as given back. */
async function remove(given: Input, context: Context, path: string): Promise<void> {
  const url = `${given.service}${path}`;
  const { status } = await context.world.http.send({ method: 'DELETE', url, ...rest(given, context) });
  if (status >= 300 && status !== 404 && status !== 410)
    throw new TaskError('HTTP_STATUS', `DELETE ${url} answered ${status}.`, { data: { status } });
}

function rest({ headers, timeoutMs }: Input, context: Context) {
  return {
    headers: { 'content-type': 'application/json', 'idempotency-key': keyOf(context), ...headers },
    timeoutMs,
    signal: context.signal,
  };
}

/** The key of the apply, also while its effect is undone. */
function keyOf({ idempotencyKey }: Context): string {
  return idempotencyKey.replace(/\/(revert|check)$/, '');
}

function pathOf(id: string | undefined): string {
  if (id === undefined || /^\.*$/.test(id))
    throw new TaskError('RESERVATION_INVALID', `The service gave "${id ?? ''}" as an id, which cannot stand in an address.`, {
      nothingDone: true,
    });
  return `/${encodeURIComponent(id)}`;
}

function bodyOf({ text }: HttpAnswer): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text.slice(0, 10_000);
  }
}
