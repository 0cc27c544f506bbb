// Z1 and Z2 on the real thing: machines are leased from a real service, which refuses at each stage, and the server is
// killed when the service has done what it was asked and has not answered yet.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineService } from '../../../packages/tasks/src/testing/machines.ts';
import { type TestSite, testSite } from '../../../packages/tasks/src/testing/site.ts';
import { atRest } from './testing/at-rest.ts';
import { launch, publish } from './testing/flows.ts';
import { type Client, signIn } from './testing/requests.ts';
import { ServerProcess, newFolder } from './testing/server-process.ts';

interface Ledger {
  readonly rows: readonly { readonly job: string; readonly stage: string; readonly run: string; readonly isOrphan: boolean }[];
}

/** A request, whichever machine it is about. */
const kindOf = (request: string) => request.replace(/\/m\d+/, '/ID');
/** Kinds of requests that the service refuses. */
const refused = new Set<string>();
let service: ReturnType<typeof machineService>;
let site: TestSite;
let folder: ReturnType<typeof newFolder>;
let server: ServerProcess;

beforeEach(async () => {
  refused.clear();
  service = machineService((request) => refused.has(kindOf(request)));
  site = await testSite();
  site.answer = service.answer;
  folder = newFolder();
});
afterEach(async () => {
  await server.stop();
  site.close();
  folder.remove();
});

async function start(): Promise<Client> {
  const own = { WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', WINDLASS_DATA: folder.path, WINDLASS_HTTP_ALLOW: site.host };
  server = new ServerProcess(own);
  return signIn(await server.ready());
}

const leases = (client: Client) =>
  publish(client, [{ type: 'machine.lease', parameters: { service: `${site.origin}/m`, configuration: { image: 'debian' } } }]);

async function release(client: Client, job: string): Promise<string> {
  const choice = { kind: 'atoms', atoms: ['wait_0.reserve'], leaveOut: [] };
  const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
  expect(await client.do('rollback.confirm', { job, choice, hash, reason: 'not needed' })).toMatchObject({ kind: 'done' });
  return atRest(client, job);
}

const ledger = async (client: Client) => (await client.get<Ledger>('resources.list', {})).rows;
const stages = [
  ['reserve', 'POST /m'],
  ['configure', 'PUT /m/ID/configuration'],
  ['acquire', 'POST /m/ID/acquisition'],
] as const;

it('Z1, Z2: a service that refuses a stage gets back what was taken; what succeeds is held, and given back with a reason', async () => {
  const client = await start();
  const flow = await leases(client);
  for (const [stage, request] of stages) {
    refused.clear();
    refused.add(request);
    const job = await launch(client, flow);
    expect([stage, await atRest(client, job)]).toEqual([stage, 'REVERTED']);
    expect([...service.machines.values()]).toEqual([]);
    expect(await ledger(client)).toEqual([]);
  }
  refused.clear();
  const job = await launch(client, flow);
  expect(await atRest(client, job)).toBe('SUCCESS');
  expect(await ledger(client)).toMatchObject([{ job, stage: 'acquire', run: 'SUCCESS', isOrphan: true }]);
  expect(await release(client, job)).toBe('REVERTED');
  expect([...service.machines.values()]).toEqual([]);
  expect(await ledger(client)).toEqual([]);
  const entries = await client.get<readonly { kind: string; reason?: string }[]>('logbook.page', { job, after: 0 });
  expect(entries.filter(({ kind }) => kind === 'ACT')).toMatchObject([{ reason: 'not needed' }]);
});

describe.each(stages)('Z1: killed when %s was done and not answered', (stage, request) => {
  /** The server is gone as soon as the service has done that, and another one is started. */
  async function killedAt(wanted: string): Promise<{ client: Client; job: string }> {
    const client = await start();
    const flow = await leases(client);
    let isHeard = false;
    site.answer = (heard) => {
      const reply = service.answer(heard);
      if (isHeard || kindOf(`${heard.method} ${heard.url}`) !== wanted) return reply;
      isHeard = true;
      return new Promise(() => {});
    };
    const job = await launch(client, flow);
    await expect.poll(() => isHeard).toBe(true);
    expect(await ledger(client)).toMatchObject([{ job, stage, isOrphan: false }]);
    await server.stop('SIGKILL');
    site.answer = service.answer;
    return { client, job };
  }

  it('it is asked again with the same key and takes nothing twice', async () => {
    const { job } = await killedAt(request);
    const client = await start();
    expect(await atRest(client, job)).toBe('SUCCESS');
    expect([...service.machines.values()]).toMatchObject([{ id: 'm1', configuration: { image: 'debian' }, acquired: true }]);
    const keys = site.heard
      .filter(({ method, url }) => kindOf(`${method} ${url}`) === request)
      .map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(await release(client, job)).toBe('REVERTED');
    expect([...service.machines.values()]).toEqual([]);
  });

  it('and refused when asked again, all of it is given back', async () => {
    const { job } = await killedAt(request);
    refused.add(request);
    const client = await start();
    expect(await atRest(client, job)).toBe('REVERTED');
    expect([...service.machines.values()]).toEqual([]);
    expect(await ledger(client)).toEqual([]);
  });
});
