// A fresh server comes up with examples that can be launched as they are.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atRest } from './testing/at-rest.ts';
import { send, signIn } from './testing/requests.ts';
import { newFolder, ServerProcess } from './testing/server-process.ts';

let folder: ReturnType<typeof newFolder>;
let server: ServerProcess;

beforeEach(() => {
  folder = newFolder();
  server = new ServerProcess({ WINDLASS_DATA: folder.path, WINDLASS_PORT: '0' });
});
afterEach(async () => {
  await server.stop();
  folder.remove();
});

test('the example releases a site that is really served, and winds it back', async () => {
  const client = await signIn(await server.ready());
  const flows = await client.get<{ id: string; name: string; version: number; dirty: boolean }[]>('flows.list');
  expect(flows.length).toBeGreaterThanOrEqual(2);
  expect(flows.every(({ version, dirty }) => version === 1 && !dirty)).toBe(true);

  const flow = flows.find(({ name }) => name.startsWith('Release'))?.id ?? '';
  const { inputs } = await client.get<{ inputs: { properties: { siteUrl: { default: string } } } }>('flows.version', { flow, version: 1 });
  const site = inputs.properties.siteUrl.default;
  expect(site).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await send(site, { path: '/' })).status).toBe(404);

  const { job } = await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {} });
  expect(await atRest(client, job)).toBe('SUCCESS');
  expect((await send(site, { path: '/' })).status).toBe(200);
  expect(JSON.parse((await send(site, { path: '/hook' })).text)).toHaveLength(1);

  const choice = { kind: 'job' };
  const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
  expect(await client.do('rollback.confirm', { job, choice, hash, reason: 'a test' })).toMatchObject({ kind: 'done' });
  expect(await atRest(client, job)).toBe('REVERTED');
  expect((await send(site, { path: '/' })).status).toBe(404);
  expect(JSON.parse((await send(site, { path: '/hook' })).text)).toEqual([]);

  // They are there once, and so is the site, at the same address.
  expect(await server.stop('SIGTERM')).toBe(0);
  server = new ServerProcess({ WINDLASS_DATA: folder.path, WINDLASS_PORT: '0' });
  const { origin } = new URL(await server.ready());
  const again = await send(origin, { path: '/trpc/flows.list', headers: { cookie: client.cookie } });
  expect((JSON.parse(again.text) as { result: { data: unknown[] } }).result.data).toHaveLength(flows.length);
  expect((await send(site, { path: '/hook' })).status).toBe(200);
});
