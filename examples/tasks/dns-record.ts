// Points a name at an address. Every change has a key, so the service itself knows whether an attempt happened, what
// stood before, and how to take it back: that makes apply repeatable, probe truthful and revert possible after a crash.
import { setTimeout as wait } from 'node:timers/promises';
import { TaskError, defineTask } from '@windlass/engine';
import { z } from 'zod';
import { type Context, ask, attemptKey, service } from './lib/name-service.ts';

const input = z.object({
  service,
  name: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'must be a host name')
    .meta({ title: 'Name', description: 'Such as shop.example.' }),
  address: z.string().min(1).meta({ title: 'Address', description: 'Where the name is to point.' }),
});
const output = z.object({
  name: z.string().meta({ title: 'Name' }),
  address: z.string().meta({ title: 'Address' }),
  previous: z.string().nullable().meta({ title: 'Pointed to before', description: 'Null when the name was new.' }),
});

export default defineTask({
  type: 'dns.record',
  version: 1,
  title: 'DNS record',
  summary: 'Points a name at an address and waits until every server says so. Revert points it back.',
  icon: 'signpost',
  group: 'Names',
  input,
  output,
  effects: { kind: 'reversible', undo: 'points the name back to where it pointed before' },
  repeatable: true,

  async apply({ service: at, name, address }, context: Context) {
    const change = await ask(context, { method: 'PUT', url: `${at}/changes/${attemptKey(context)}`, body: { name, address } });
    await everywhere(context, { at, name, address });
    return output.parse(change);
  },

  async revert({ input: { service: at } }, context: Context) {
    // 404: this attempt changed nothing, or is undone already. Both are fine, as a revert may be repeated.
    await ask(context, { method: 'DELETE', url: `${at}/changes/${attemptKey(context)}` });
  },

  async probe({ service: at }, context: Context) {
    const change = await ask(context, { method: 'GET', url: `${at}/changes/${attemptKey(context)}` });
    return change === null ? { happened: 'no' } : { happened: 'yes', output: output.parse(change) };
  },
});

const TRIES = 100;

/** Waits until all servers give the new address; says how many do. */
async function everywhere(context: Context, { at, name, address }: { at: string; name: string; address: string }): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await ask(context, { method: 'GET', url: `${at}/names/${name}/servers` });
    const servers = z.array(z.string().nullable()).parse(answer?.['addresses'] ?? []);
    const done = servers.filter((one) => one === address).length;
    context.progress(done / Math.max(1, servers.length), `${done} of ${servers.length} servers`);
    if (done === servers.length) return;
    await wait(20, undefined, { signal: context.signal });
  }
  throw new TaskError('NOT_EVERYWHERE', `Not every server points ${name} at ${address} after ${TRIES} tries.`);
}
