// A user's own folder of task modules, as a user has it: elsewhere, with nothing installed, given to the server that
// npm start runs.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startNameService } from '../../../examples/tasks/service/name-service.mjs';
import { atRest } from './testing/at-rest.ts';
import { EventStream } from './testing/event-stream.ts';
import { type Client, send, signIn } from './testing/requests.ts';
import { ServerProcess, newFolder } from './testing/server-process.ts';

const home = resolve(import.meta.dirname, '../../..');
const bundled = existsSync(join(home, 'apps/server/dist/main.js'));

let folder: string;
const cleanUp: (() => unknown)[] = [];
beforeEach(() => {
  const { path, remove } = newFolder();
  folder = path;
  cleanUp.push(remove);
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function start(environment: { readonly [name: string]: string }, options: { readonly bundled?: boolean } = {}): ServerProcess {
  const own = { WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', WINDLASS_DATA: join(folder, 'data'), WINDLASS_TASKS: join(folder, 'tasks') };
  const server = new ServerProcess({ ...own, ...environment }, options);
  cleanUp.push(() => server.stop());
  return server;
}

function putTask(name: string, text: string): void {
  mkdirSync(join(folder, 'tasks'), { recursive: true });
  writeFileSync(join(folder, 'tasks', name), text);
}

async function publish(client: Client, document: string): Promise<string> {
  const imported = await client.do<{ kind: string; flow: string }>('flows.import', { document });
  expect(imported).toMatchObject({ kind: 'imported' });
  const { revision } = await client.get<{ revision: number }>('flows.draft', { flow: imported.flow });
  expect(await client.do('flows.publish', { flow: imported.flow, revision })).toMatchObject({ kind: 'published' });
  return imported.flow;
}

async function runOf(client: Client, flow: string, inputs: object): Promise<{ job: string; run: string }> {
  const { job } = await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs });
  return { job, run: await atRest(client, job) };
}

describe.each([
  ['from its bundle', true],
  ['from its sources', false],
])('examples/tasks, the server %s', (_, fromBundle) => {
  test.skipIf(fromBundle && !bundled)('moves a shop, moves it back when the check fails, and rolls back all but the notice', async () => {
    const names = await startNameService();
    cleanUp.push(() => names.close());
    names.kept.names.set('shop.example', { address: '10.0.0.1', before: null, since: 0 });
    const observe = () => Object.fromEntries([...names.kept.names].map(([name, { address }]) => [name, address]));
    const source = join(home, 'examples/tasks');
    cpSync(source, join(folder, 'tasks'), { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
    const client = await signIn(await start({ WINDLASS_HTTP_ALLOW: names.place }, { bundled: fromBundle }).ready());

    const types = await client.get<{ type: string; hasRevert: boolean }[]>('catalog.list');
    expect(types.filter(({ type }) => /^(dns|subscribers|zone)/.test(type))).toMatchObject([
      { type: 'dns.record', group: 'Names', hasRevert: true },
      { type: 'subscribers.notify', hasRevert: false },
      { type: 'zone.lease', hasRevert: true, stages: ['reserve', 'configure', 'acquire'], destroys: true },
    ]);

    const flow = await publish(client, readFileSync(join(source, 'flows/move-a-shop.json'), 'utf8'));
    const inputs = { service: names.origin, shop: 'shop.example', address: '10.0.0.2', expect: '10.0.0.2' };
    expect((await runOf(client, flow, { ...inputs, expect: 'nowhere' })).run).toBe('REVERTED');
    expect(observe()).toEqual({ 'shop.example': '10.0.0.1' });

    const { job, run } = await runOf(client, flow, inputs);
    expect(run).toBe('SUCCESS');
    expect(observe()).toEqual({ 'shop.example': '10.0.0.2', 'www.shop.example': '10.0.0.2' });
    const choice = { kind: 'job' };
    const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
    expect(await client.do('rollback.confirm', { job, choice, hash })).toMatchObject({ kind: 'done' });
    expect(await atRest(client, job)).toBe('PARTIALLY_REVERTED');
    expect(observe()).toEqual({ 'shop.example': '10.0.0.1' });
    expect([...names.kept.notices.values()]).toEqual(['shop.example has moved to 10.0.0.2']);
  });
});

test('Z1, Z2: a zone is leased by a type of a folder, destroyed once when a stage fails, and released whole from the ledger', async () => {
  const names = await startNameService();
  cleanUp.push(() => names.close());
  const source = join(home, 'examples/tasks');
  cpSync(source, join(folder, 'tasks'), { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  const client = await signIn(await start({ WINDLASS_HTTP_ALLOW: names.place }).ready());
  const leasing = (ttl: number) => {
    const parameters = { service: names.origin, name: 'preview.example', ttl };
    const lease = { ...item, id: 'zone', name: 'Zone', type: 'zone.lease', parameters };
    return publish(client, JSON.stringify({ schemaVersion: 1, name: `Zone ${ttl}`, root: { ...root, items: [lease] } }));
  };
  const ledger = async () => (await client.get<{ rows: readonly object[] }>('resources.list', {})).rows;

  expect((await runOf(client, await leasing(100_000), {})).run).toBe('REVERTED');
  expect([names.kept.zones.size, await ledger()]).toEqual([0, []]);

  const { job, run } = await runOf(client, await leasing(60), {});
  expect(run).toBe('SUCCESS');
  const [zone] = names.kept.zones.keys();
  expect(await ledger()).toMatchObject([{ job, type: 'zone.lease', label: `preview.example (${zone})`, stage: 'acquire', isOrphan: true }]);
  // Beside the server, the command reads with the same types.
  const data = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', WINDLASS_DATA: join(folder, 'data') };
  const environment = { ...data, WINDLASS_TASKS: join(folder, 'tasks') };
  const command = [join(home, 'scripts/logbook.mjs'), 'rebuild', '--check'];
  const checked = spawnSync(process.execPath, command, { cwd: home, env: environment, encoding: 'utf8' });
  expect(checked).toMatchObject({ status: 0, stdout: '2 jobs: all agree with their logbooks.\n' });
  // Whichever stage is chosen, a destroy takes all of it back.
  const choice = { kind: 'atoms', atoms: ['zone.acquire'], leaveOut: [] };
  const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
  expect(await client.do('rollback.confirm', { job, choice, hash, reason: 'not needed' })).toMatchObject({ kind: 'done' });
  expect(await atRest(client, job)).toBe('REVERTED');
  expect([names.kept.zones.size, await ledger()]).toEqual([0, []]);
});

const noted = (words: string) => `
  import { rmSync, writeFileSync } from 'node:fs';
  import { defineTask } from '@windlass/engine/task';
  import { z } from 'zod';
  export default defineTask({
    type: 'own.note', version: 1, title: 'Note', summary: 'Keeps a note.', icon: 'box', group: 'Own',
    input: z.object({ place: z.string() }), output: z.object({}),
    effects: { kind: 'reversible', undo: '${words}' }, repeatable: true,
    async apply({ place }) { writeFileSync(place, ''); return {}; },
    async revert({ input }) { rmSync(input.place, { force: true }); },
  });`;

test('R6: a task module changed in place is reported at the start, and beside the plan of a job that the former code applied', async () => {
  putTask('note.ts', noted('takes it away'));
  const first = start({});
  const client = await signIn(await first.ready());
  const parameters = { place: join(folder, 'note') };
  const document = JSON.stringify({
    schemaVersion: 1,
    name: 'Note',
    root: { ...root, items: [{ ...item, type: 'own.note', parameters }] },
  });
  const { job, run } = await runOf(client, await publish(client, document), {});
  expect(run).toBe('SUCCESS');
  const choice = { kind: 'job' };
  const before = await client.get<{ hash: string; changedCode: unknown }>('rollback.plan', { job, choice });
  expect(before.changedCode).toEqual([]);
  await first.stop('SIGTERM');

  putTask('note.ts', noted('takes it away for good'));
  const second = start({});
  const later = await signIn(await second.ready());
  await expect.poll(() => second.errors).toContain('1 job was applied by other code of own.note version 1 than this server has now');
  const plan = await later.get<{ hash: string; changedCode: unknown }>('rollback.plan', { job, choice });
  expect(plan).toMatchObject({ hash: before.hash, changedCode: [{ type: 'own.note', version: 1, atoms: [item.id] }] });
  await second.stop('SIGTERM');

  // The change is reported once.
  const third = start({});
  await signIn(await third.ready());
  await third.stop('SIGTERM');
  expect(third.errors).not.toContain('other code');
});

const stray = `
  import { defineTask } from '@windlass/engine';
  import { z } from 'zod';
  export default defineTask({
    type: 'own.stray', version: 1, title: 'Stray', summary: 'Leaves a promise behind.', icon: 'box', group: 'Own',
    input: z.object({}), output: z.object({}), effects: { kind: 'none' }, repeatable: true,
    async apply() {
      void Promise.reject(new Error('forgotten'));
      await new Promise((done) => setImmediate(done));
      return {};
    },
  });`;

const item = { kind: 'task', id: 'a', name: 'A', type: 'own.stray', typeVersion: 1, parameters: {}, bindings: {}, priority: 0 };
const root = { kind: 'flow', id: 'root', name: 'Root', pattern: 'linear', links: [], items: [item] };
const oneStray = JSON.stringify({ schemaVersion: 1, name: 'Stray', root });

test('a promise that a task leaves behind rejected does not end the server: the job goes on, and stderr says so', async () => {
  putTask('stray.ts', stray);
  const server = start({});
  const client = await signIn(await server.ready());
  const flow = await publish(client, oneStray);
  expect((await runOf(client, flow, {})).run).toBe('SUCCESS');
  await expect.poll(() => server.errors).toMatch(/^A promise was rejected and no code waited for it.*: forgotten$/m);
  expect((await send(client.origin, { path: '/health' })).status).toBe(200);
  expect(await server.stop('SIGTERM')).toBe(0);
});

test('A6: progress is shown live while a task runs, and no more when it has ended', async () => {
  const gate = join(folder, 'gate');
  const apply = `
      context.heartbeat();
      context.progress(0.5, "half");
      while (!existsSync(${JSON.stringify(gate)})) await new Promise((done) => setTimeout(done, 20));
      return {};
    },
  });`;
  const head = stray.slice(0, stray.indexOf('async apply()'));
  putTask('slow.ts', `import { existsSync } from 'node:fs';${head}async apply(_, context) {${apply}`);
  const client = await signIn(await start({}).ready());
  const flow = await publish(client, oneStray);
  const { job } = await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {} });
  const stream = new EventStream(client, 'jobs.progress', { input: { job } });
  await stream.until(({ messages }) => JSON.stringify(messages).includes('half'));
  expect(stream.messages.at(-1)?.data).toMatchObject([{ atom: 'a', kind: 'apply', attempt: 1, fraction: 0.5, message: 'half' }]);
  writeFileSync(gate, '');
  await stream.until(({ messages }) => JSON.stringify(messages.at(-1)?.data) === '[]');
  expect(await atRest(client, job)).toBe('SUCCESS');
  stream.cut();
});

test('a broken module keeps the server from starting, in one sentence', async () => {
  putTask('good.ts', stray);
  putTask('broken.ts', 'export default defineTask({});');
  const server = start({});
  expect(await server.ended).toBe(1);
  expect(server.out).toBe('');
  expect(server.errors.trim().split('\n')).toHaveLength(1);
  expect(server.errors).toMatch(/Windlass could not start\. The task module .*broken\.ts could not be loaded: defineTask is not defined\./);
});

test('a folder that is not there keeps it from starting', async () => {
  const server = start({});
  expect(await server.ended).toBe(1);
  expect(server.errors).toMatch(/WINDLASS_TASKS=.*tasks is not a folder/);
});
