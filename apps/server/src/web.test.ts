// How the built web app is served.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { send } from './testing/requests.ts';
import { newFolder } from './testing/server-process.ts';

const { path: webFolder, remove } = newFolder();
let server: InProcessServer;

beforeAll(async () => {
  mkdirSync(join(webFolder, 'assets'));
  writeFileSync(join(webFolder, 'index.html'), '<title>Windlass</title>');
  writeFileSync(join(webFolder, 'assets/main-4f2a.js'), 'export {}');
  server = await startInProcess({ webFolder });
});
afterAll(async () => {
  await server.close();
  remove();
});

const get = (path: string, headers: { [name: string]: string } = {}) => send(server.origin, { path, headers });

test('an address of a screen gets the app, whichever it is', async () => {
  for (const path of ['/', '/jobs/job_aaaaaaaaaaaa?at=12', '/flows/flow_1/design']) {
    const answer = await get(path, { accept: 'text/html,*/*' });
    expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, '<title>Windlass</title>', 'no-cache']);
  }
});

test('what is named by its hash is kept for good; what is missing is missing', async () => {
  expect((await get('/assets/main-4f2a.js')).headers['cache-control']).toContain('immutable');
  expect((await get('/assets/gone.js', { accept: '*/*' })).status).toBe(404);
});

test('nothing outside the folder is served', async () => {
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json', '/assets/%00']) {
    expect((await get(path)).text).not.toContain('"name"');
  }
});

test('the JSON Schema of flow definitions is served', async () => {
  const answer = await get('/flow.schema.json');
  expect(answer.headers['content-type']).toContain('application/schema+json');
  const schema: unknown = JSON.parse(answer.text);
  expect(schema).toMatchObject({ type: 'object', required: ['schemaVersion', 'name', 'root'], additionalProperties: false });
});
