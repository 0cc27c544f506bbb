// The flow page's procedure over HTTP, on a real store with a real conductor.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, publish } from './testing/flows.ts';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { type Client, errorOf, signIn } from './testing/requests.ts';

interface History {
  readonly runs: readonly { readonly id: string; readonly run: string; readonly forward: string; readonly endedAt: number | null }[];
  readonly more: boolean;
}

let server: InProcessServer;
let client: Client;

beforeAll(async () => {
  server = await startInProcess();
  client = await signIn(server.address);
});
afterAll(() => server.close());

const runsOf = async (flow: string) => (await client.get<History>('flows.history', { flow })).runs;

test('a flow page lists the jobs that ended, newest first, and none that still runs', async () => {
  const flow = await publish(client, [{ type: 'delay', parameters: { ms: 1 } }]);
  const jobs = [await launch(client, flow), await launch(client, flow), await launch(client, flow)];
  await expect.poll(async () => (await runsOf(flow)).length).toBe(3);
  expect((await runsOf(flow)).map(({ id }) => id)).toEqual(jobs.toReversed());
  const slow = await publish(client, [{ type: 'delay', parameters: { ms: 600_000 } }]);
  await launch(client, slow);
  expect(await client.get<History>('flows.history', { flow: slow })).toMatchObject({ runs: [], more: false });
});

test('T2: a run that was rolled back keeps its success', async () => {
  const flow = await publish(client, [{ type: 'file.write', parameters: { path: 'b.txt', content: 'b' } }]);
  const job = await launch(client, flow);
  await expect.poll(async () => (await runsOf(flow))[0]?.run).toBe('SUCCESS');
  const choice = { kind: 'job' };
  const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
  await client.do('rollback.confirm', { job, choice, hash, reason: 'test' });
  await expect.poll(async () => (await runsOf(flow))[0]?.run).toBe('REVERTED');
  expect(await runsOf(flow)).toMatchObject([{ forward: 'succeeded' }]);
});

test('an unknown flow is answered with the code of the engine', async () => {
  expect(errorOf(await client.query('flows.history', { flow: 'flow_nowhere' }))).toMatchObject({ data: { engineCode: 'FLOW_UNKNOWN' } });
});
