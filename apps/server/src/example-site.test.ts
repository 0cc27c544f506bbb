import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ExampleSite, startExampleSite } from './example-site.ts';
import { send } from './testing/requests.ts';
import { newFolder } from './testing/server-process.ts';

let folder: ReturnType<typeof newFolder>;
let site: ExampleSite;

const start = () => startExampleSite({ filesFolder: folder.path, dataFolder: folder.path, port: 0 });
const ask = (method: string, path: string, body?: string, headers = {}) =>
  send(site.origin, { method, path, headers, ...(body === undefined ? {} : { body }) });

beforeEach(async () => {
  folder = newFolder();
  site = await start();
});
afterEach(() => {
  site.close();
  folder.remove();
});

test('serves what the link points at, as soon as it points there', async () => {
  expect((await ask('GET', '/')).status).toBe(404);
  for (const release of ['one', 'two']) {
    mkdirSync(join(folder.path, 'site', release));
    writeFileSync(join(folder.path, 'site', release, 'index.html'), release);
    rmSync(join(folder.path, 'site/current'), { force: true });
    symlinkSync(release, join(folder.path, 'site/current'));
    expect((await ask('GET', '/')).text).toBe(release);
  }
  expect((await ask('GET', '/..%2fone/index.html')).status).toBe(404);
  expect((await ask('GET', '/%ff')).status).toBeGreaterThanOrEqual(400);
});

test('keeps messages, and takes them back one by one, also when all come at once', async () => {
  const posted = await Promise.all(Array.from({ length: 20 }, (_, index) => ask('POST', '/hook', `message ${index}`)));
  const ids = posted.map(({ text }) => (JSON.parse(text) as { id: string }).id);
  await Promise.all(ids.slice(1).map((id) => ask('DELETE', `/hook/${id}`)));
  expect(JSON.parse((await ask('GET', '/hook')).text)).toEqual([{ id: ids[0], body: 'message 0' }]);
  expect(readFileSync(join(folder.path, 'site/hooks.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
  expect((await ask('DELETE', '/hook/unknown')).status).toBe(404);
  expect((await ask('POST', '/hook', 'x'.repeat(100_000))).status).toBe(413);
});

test('a page of another site may not ask', async () => {
  expect((await ask('POST', '/hook', 'x', { origin: 'http://evil.example' })).status).toBe(403);
  expect((await ask('GET', '/hook', undefined, { host: 'evil.example' })).status).toBe(403);
});

test('has the same port the next time', async () => {
  const { origin } = site;
  site.close();
  site = await start();
  expect(site.origin).toBe(origin);
  // One that finds it taken makes do with another, and the next has it again.
  const second = await start();
  expect(second.origin).not.toBe(origin);
  second.close();
  site.close();
  site = await start();
  expect(site.origin).toBe(origin);
});
