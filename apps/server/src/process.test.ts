// The server as a process: what it says when it cannot start, how it ends, and what survives it.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { openBackends } from '@windlass/backends';
import { afterEach, describe, expect, test } from 'vitest';
import { atRest } from './testing/at-rest.ts';
import { EventStream } from './testing/event-stream.ts';
import { launch, publish, publishWaits } from './testing/flows.ts';
import { Client, send, signIn } from './testing/requests.ts';
import { ServerProcess, freePort, newFolder } from './testing/server-process.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function folder(): string {
  const { path, remove } = newFolder();
  cleanUp.push(remove);
  return path;
}

function start(environment: { readonly [name: string]: string }): ServerProcess {
  const server = new ServerProcess({ WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', ...environment });
  cleanUp.push(() => server.stop());
  return server;
}

describe('says in one sentence why it cannot start', () => {
  const refused = async (environment: { readonly [name: string]: string }): Promise<string> => {
    const server = start(environment);
    expect(await server.ended).toBe(1);
    expect(server.out).toBe('');
    expect(server.errors).not.toMatch(/^\s+at /m);
    expect(server.errors.trim().split('\n')).toHaveLength(1);
    return server.errors;
  };

  // What can be wrong with the configuration is in env.test.ts; that it gets here is seen by these.
  test.each([
    ['WINDLASS_HOST', '0.0.0.0', 'no accounts yet'],
    ['WINDLASS_DATABASE_URL', 'mysql://root:hunter2@x/y', 'file:'],
  ])('%s=%s', async (name, value, words) => {
    const errors = await refused({ WINDLASS_DATA: folder(), [name]: value });
    expect(errors).toContain(words);
    expect(errors).not.toContain('hunter2');
  });

  test('a port that is in use', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    cleanUp.push(() => other.close());
    expect(await refused({ WINDLASS_DATA: folder(), WINDLASS_PORT: String(port) })).toContain(`Port ${port} is in use`);
  });

  test('a data folder that cannot be written to', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    expect(await refused({ WINDLASS_DATA: join(file, 'data') })).toContain('WINDLASS_DATA');
  });

  test('a second server on the same data', async () => {
    const data = folder();
    const first = start({ WINDLASS_DATA: data });
    await first.ready();
    expect(await refused({ WINDLASS_DATA: data })).toContain('Another Windlass is running');
    expect((await send(new URL(await first.ready()).origin, { path: '/health' })).status).toBe(200);
  });

  test('a database of a newer version', async () => {
    const data = folder();
    const prismaFolder = folder();
    cpSync(resolve(import.meta.dirname, '../../../prisma/sqlite'), join(prismaFolder, 'sqlite'), { recursive: true });
    const future = join(prismaFolder, 'sqlite/migrations/9999_future');
    mkdirSync(future);
    writeFileSync(join(future, 'migration.sql'), 'CREATE TABLE future (id INTEGER PRIMARY KEY);');
    await (await openBackends({ databaseUrl: `file:${join(data, 'windlass.db')}`, prismaFolder })).close();
    expect(await refused({ WINDLASS_DATA: data })).toContain('newer Windlass');
  });

  test('a file that is no database', async () => {
    const data = folder();
    writeFileSync(join(data, 'windlass.db'), 'this is no database, and it is long enough to be told apart from one. '.repeat(50));
    expect(await refused({ WINDLASS_DATA: data })).toContain('windlass.db');
  });
});

test('prints one line when it is ready, and nothing that is secret afterwards', async () => {
  const server = start({ WINDLASS_DATA: folder(), WINDLASS_PERSON: '', WINDLASS_HOST: '' });
  const address = await server.ready();
  const client = await signIn(address);
  await client.query('session.me');
  await client.query('jobs.get', { job: 'job_aaaaaaaaaaaa' });
  await send(client.origin, { path: '/open?key=wrong' });
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(server.out).toBe(`Windlass is ready: ${address}\n`);
  expect(server.errors).toBe('');
});

test('SIGTERM ends it with 0 at once, also while streams are open and a job runs; the job goes on afterwards', async () => {
  const data = folder();
  let status = 404;
  const site = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  cleanUp.push(() => site.close());
  const place = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  const environment = { WINDLASS_DATA: data, WINDLASS_HTTP_ALLOW: place };
  const server = start(environment);
  const client = await signIn(await server.ready());
  // It runs for as long as the site says 404.
  const waiting = { type: 'url.check', parameters: { url: `http://${place}/`, everyMs: 100, forMs: 3_600_000 } };
  const job = await launch(client, await publish(client, [waiting]));
  const stream = new EventStream(client, 'logbook.follow', { input: { job } });
  await stream.until(({ messages }) => JSON.stringify(messages).includes('"RUNNING"'));
  const asked = performance.now();
  expect(await server.stop('SIGTERM')).toBe(0);
  const took = performance.now() - asked;
  console.log(`SIGTERM to exit while a job runs: ${took.toFixed(0)} ms`);

  status = 200;
  const next = start(environment);
  const { origin } = new URL(await next.ready());
  // The session survives too: the same cookie, without a new key.
  expect(await atRest(new Client(origin, client.cookie), job)).toBe('SUCCESS');
});

test('a second signal ends it at once', async () => {
  const server = start({ WINDLASS_DATA: folder(), WINDLASS_COMMANDS: 'sleep' });
  const client = await signIn(await server.ready());
  const job = await launch(client, await publish(client, [{ type: 'command.run', parameters: { program: 'sleep', args: ['60'] } }]));
  const stream = new EventStream(client, 'logbook.follow', { input: { job } });
  await stream.until(({ messages }) => JSON.stringify(messages).includes('"RUNNING"'));
  server.child.kill('SIGINT');
  // It ends its streams first, and then waits for the running call.
  await expect.poll(() => stream.ended).toBe(true);
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(130);
});

test('kill -9 in the middle of a job: the next start carries it on, with no gap in its logbook', async () => {
  const data = folder();
  const server = start({ WINDLASS_DATA: data });
  const client = await signIn(await server.ready());
  const job = await launch(client, await publishWaits(client, { tasks: 20, ms: 40 }));
  const stream = new EventStream(client, 'logbook.follow', { input: { job } });
  await stream.until(({ messages }) => messages.length > 5);
  await server.stop('SIGKILL');
  const received = stream.messages.flatMap(({ data: entries }) => entries as { number: number }[]);

  const next = start({ WINDLASS_DATA: data });
  const again = new Client(new URL(await next.ready()).origin, client.cookie);
  expect(await atRest(again, job)).toBe('SUCCESS');
  const entries = await again.get<{ number: number }[]>('logbook.page', { job, after: 0, limit: 500 });
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  // The answers from before the kill still hold.
  expect(entries.slice(0, received.length)).toEqual(received);
});
