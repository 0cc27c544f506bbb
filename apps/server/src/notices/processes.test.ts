// Notices of servers as people run them: killed in the middle, and two on one database.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPostgres, type Postgres, startPostgres } from '../../../../prisma/testing/postgres.ts';
import { publishNeedy } from '../testing/needy-jobs.ts';
import { type WebhookReceiver, startWebhook } from '../testing/receivers.ts';
import { type Client, signIn } from '../testing/requests.ts';
import { ServerProcess, newFolder } from '../testing/server-process.ts';

interface Listed {
  readonly rows: readonly {
    readonly job: string;
    readonly entry: number;
    readonly deliveries: readonly { state: string; tries: number }[];
  }[];
}

const folder = newFolder();
const servers: ServerProcess[] = [];
const hooks: WebhookReceiver[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const hook of hooks.splice(0)) await hook.close();
});
afterAll(() => folder.remove());

async function newHook(): Promise<WebhookReceiver> {
  const hook = await startWebhook();
  hooks.push(hook);
  return hook;
}
function start(hook: WebhookReceiver, environment: { readonly [name: string]: string }): ServerProcess {
  const server = new ServerProcess({
    ...{ WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', WINDLASS_DATA: folder.path, WINDLASS_WEBHOOK_URL: hook.url },
    ...environment,
  });
  servers.push(server);
  return server;
}
const listed = async (client: Client) => (await client.get<Listed>('notices.list', { limit: 100 })).rows;
const keysOf = (hook: WebhookReceiver) => hook.got.map(({ headers }) => String(headers['idempotency-key']));

it('killed at any moment, also while it sends, a server makes one notice of each job and sends it in the end', async () => {
  const hook = await newHook();
  hook.answer = null;
  let server = start(hook, {});
  const address = await server.ready();
  let client = await signIn(address);
  const post = { of: await publishNeedy(client, 'approval') };
  const jobs = [await post.of()];
  await vi.waitFor(() => expect(hook.got).toHaveLength(1), 240_000);
  const { link } = JSON.parse(hook.got[0]?.body ?? '') as { link: string };
  expect(link).toBe(`${new URL(address).origin}/jobs/${jobs[0]}`);
  hook.answer = { status: 204 };
  for (const moment of [0, 120, 260]) {
    await server.stop('SIGKILL');
    server = start(hook, {});
    client = await signIn(await server.ready());
    post.of = await publishNeedy(client, 'approval');
    jobs.push(await post.of());
    await new Promise((done) => setTimeout(done, moment));
  }
  await server.stop('SIGKILL');
  server = start(hook, {});
  client = await signIn(await server.ready());
  await vi.waitFor(async () => {
    expect((await listed(client)).map(({ deliveries }) => deliveries.map(({ state }) => state))).toEqual(jobs.map(() => ['SENT']));
  }, 240_000);
  const rows = await listed(client);
  expect(rows.map(({ job }) => job).sort()).toEqual([...jobs].sort());
  // Sent before the kill and not recorded, the first was sent again: its key says so.
  expect(keysOf(hook).filter((key) => key.startsWith(jobs[0] ?? '?')).length).toBeGreaterThanOrEqual(2);
  expect(new Set(keysOf(hook))).toEqual(new Set(rows.map(({ job, entry }) => `${job}-${entry}`)));
  expect(await server.stop('SIGTERM')).toBe(0);
  for (const { out, errors } of servers) expect(out + errors).not.toContain('t0ken');
});

it('a wrong setting keeps the server from starting, with a sentence that does not repeat it', async () => {
  const server = start(await newHook(), { WINDLASS_WEBHOOK_URL: 'hooks.example.org/s3cret' });
  expect(await server.ended).toBe(1);
  expect(server.errors).toContain('WINDLASS_WEBHOOK_URL cannot be used: write an address');
  expect(server.errors).not.toContain('s3cret');
});

const programs = findPostgres();
describe.skipIf(programs === null)('on PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = startPostgres(programs ?? '');
    await postgres.query('postgres', 'CREATE DATABASE notices');
  });
  afterAll(() => postgres.stop());

  it('two servers on one database make one notice of each job and send it once', async () => {
    const hook = await newHook();
    const pair = [1, 2].map(() =>
      start(hook, { WINDLASS_DATABASE_URL: postgres.url('notices'), WINDLASS_ADDRESS: 'https://ops.example.org' }),
    );
    const [client] = await Promise.all(pair.map(async (server) => signIn(await server.ready())));
    if (client === undefined) throw new Error('no server');
    const post = await publishNeedy(client, 'approval');
    const jobs = await Promise.all(Array.from({ length: 20 }, post));
    await vi.waitFor(async () => {
      expect((await listed(client)).flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'SENT'))).toHaveLength(20);
    }, 240_000);
    const rows = await listed(client);
    expect(rows.map(({ job }) => job).sort()).toEqual([...jobs].sort());
    expect(keysOf(hook).sort()).toEqual(rows.map(({ job, entry }) => `${job}-${entry}`).sort());
    expect(JSON.parse(hook.got[0]?.body ?? '')).toMatchObject({ link: expect.stringMatching(/^https:\/\/ops\.example\.org\/jobs\/job_/) });
    for (const server of pair) expect(await server.stop('SIGTERM')).toBe(0);
  });
});
