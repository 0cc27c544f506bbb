// How the author of a task type checks it: against the real thing, with checkTask.
import { HttpClient, type World } from '@windlass/tasks';
import { checkTask } from '@windlass/engine/check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import dnsRecord from './dns-record.ts';
import { startNameService } from './service/name-service.mjs';
import subscribersNotify from './subscribers-notify.ts';
import zoneLease from './zone-lease.ts';

let names: Awaited<ReturnType<typeof startNameService>>;
let world: World;

beforeEach(async () => {
  names = await startNameService();
  names.kept.names.set('shop.example', { address: '10.0.0.1', before: null, since: 0 });
  // These types need only the client of the world.
  world = { http: new HttpClient([names.place]) } as World;
});
afterEach(() => names.close());

/** Where each name points; how long it has is no matter. */
const observe = () => Object.fromEntries([...names.kept.names].map(([name, { address }]) => [name, address]));

test.each(['shop.example', 'new.example'])('dns.record keeps what the engine relies on: %s', async (name) => {
  const input = { service: names.origin, name, address: '10.0.0.2' };
  expect(await checkTask(dnsRecord, { input, world, observe })).toEqual([]);
});

test('subscribers.notify tells them once, however often it is repeated', async () => {
  const input = { service: names.origin, text: 'We have moved.' };
  expect(await checkTask(subscribersNotify, { input, world, observe: () => [...names.kept.notices.values()] })).toEqual([]);
  expect([...names.kept.notices.values()]).toEqual(['We have moved.']);
});

test('Z1: zone.lease keeps what the engine relies on, also where its settings are refused', async () => {
  const input = { service: names.origin, name: 'preview.example' };
  const observe = () => [...names.kept.zones.values()].map((zone) => ({ ...zone }));
  expect(await checkTask(zoneLease, { input, failing: { ...input, ttl: 100_000 }, world, observe })).toEqual([]);
  expect(zoneLease).toMatchObject({ stages: ['reserve', 'configure', 'acquire'], destroys: true });
});
