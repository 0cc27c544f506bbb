// A zone for a while: reserved, given its settings, opened; and given back by one destroy, whatever it came to. What
// reserve took is found by what it gave, and where that was lost, by the key that it asked with.
import { type JsonObject, TaskError, defineResource } from '@windlass/engine';
import { z } from 'zod';
import { type Context, ask, attemptKey, service } from './lib/name-service.ts';

const input = z.object({
  service,
  name: z.string().min(1).meta({ title: 'Name', description: 'Of the zone, such as preview.example.' }),
  ttl: z.int().min(1).default(300).meta({ title: 'Time to live (s)', description: 'Of its records; at most a day.' }),
});
const output = z.object({
  zone: z.string().meta({ title: 'Zone', description: 'As the name service knows it.' }),
  ttl: z.int().meta({ title: 'Time to live (s)' }),
  open: z.boolean().meta({ title: 'Open' }),
});

export default defineResource({
  type: 'zone.lease',
  version: 1,
  title: 'Lease a zone',
  summary: 'Reserves a zone, sets it up and opens it. Revert gives it back at once.',
  icon: 'map',
  group: 'Names',
  input,
  output,
  effects: { kind: 'reversible', undo: 'gives the zone back' },
  repeatable: true,
  label: ({ zone }, { name }) => (zone === undefined ? name : `${name} (${zone})`),

  async reserve({ service: at, name }, _held, context: Context) {
    const { zone } = await changed(context, { method: 'PUT', url: `${at}/zones/${attemptKey(context)}`, body: { name } });
    return { zone: String(zone) };
  },
  async configure({ service: at, ttl }, { zone = '' }, context: Context) {
    await changed(context, { method: 'PUT', url: `${at}/zones/${encodeURIComponent(zone)}/settings`, body: { ttl } });
    return { ttl };
  },
  async acquire({ service: at }, { zone = '' }, context: Context) {
    await changed(context, { method: 'PUT', url: `${at}/zones/${encodeURIComponent(zone)}/opening`, body: {} });
    return { open: true };
  },
  async destroy({ input: { service: at }, held }, context: Context) {
    // 404: nothing was taken, or it is given back already. Both are fine, as a revert may be repeated.
    const zone = held.zone === undefined ? attemptKey(context) : encodeURIComponent(held.zone);
    await ask(context, { method: 'DELETE', url: `${at}/zones/${zone}` });
  },
});

/** A zone that is not there cannot be changed. */
async function changed(context: Context, request: Parameters<typeof ask>[1]): Promise<JsonObject> {
  const zone = await ask(context, request);
  if (zone === null) throw new TaskError('ZONE_GONE', `The name service has no such zone: ${request.url}`);
  return zone;
}
