// What the API answers about a dead letter whose run cannot be read: the screens rest on it (J4).
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newFolder } from './testing/server-process.ts';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { publishNeedy } from './testing/needy-jobs.ts';
import { type Client, signIn } from './testing/requests.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;

let folder: ReturnType<typeof newFolder>;
let server: InProcessServer;
let client: Client;

beforeEach(async () => {
  folder = newFolder();
  server = await startInProcess({ environment: { WINDLASS_DATA: folder.path } });
  client = await signIn(server.address);
});
afterEach(async () => {
  await server.close();
  folder.remove();
});

/** Runs SQL in a process of its own, past the stores. */
function change(sql: string): void {
  const program = "new (require('libsql'))(process.argv[1]).exec(process.argv[2])";
  const args = ['-e', program, join(folder.path, 'windlass.db'), sql];
  expect(spawnSync(process.execPath, args, { cwd: resolve(import.meta.dirname, '../../../packages/backends') }).status).toBe(0);
}

interface Row {
  readonly state: string;
  readonly flowName: string;
  readonly run: string;
  readonly attention: string | null;
  readonly attentionNote: string | null;
}

const rowOf = (job: string) => client.get<Row>('jobs.row', { job });
const deadLetterOf = async (job: string) => {
  const { rows } = await client.get<{ rows: { deadLetter: unknown }[] }>('attention.list', { job });
  return rows[0]?.deadLetter;
};

it('J4: a flow version is absent: the row and the entries can be read, the run cannot, and the desk promises no plan', async () => {
  const launch = await publishNeedy(client, 'approval');
  const { flow } = await client.get<{ row: { flow: string } }>('jobs.get', { job: await launch() }).then(({ row }) => row);
  const order = { flow, flowName: 'Ship', version: 2, inputs: {}, priority: 0, actor: ana, key: null };
  const { job } = await server.backends.board.post(order, server.services.now());
  await expect.poll(async () => (await rowOf(job)).attention).toBe('dead_lettered');
  expect(await rowOf(job)).toMatchObject({ flowName: 'Ship', attentionNote: expect.stringContaining('no version 2') });
  const refused = await client.query('jobs.get', { job });
  expect([refused.status, refused.text]).toEqual([404, expect.stringContaining('no version 2')]);
  const entries = await client.get<{ number: number }[]>('logbook.page', { job, before: 1_000 });
  expect(entries.at(-1)?.number).toBe(1);
  expect(await deadLetterOf(job)).toEqual({ readable: 'entries', underWay: [], mayCancel: false, mayRollBack: false });

  await client.do('flows.publish', { flow, revision: 1, note: '' });
  expect(await client.do('jobs.tryAgain', { job, reason: '' })).toMatchObject({ kind: 'done' });
  await expect.poll(async () => (await client.query('jobs.get', { job })).status).toBe(200);
});

it('J4: the logbook cannot be read: only the row can, it says so, and only trying again is open', async () => {
  const wait = { kind: 'task', id: 'wait', name: 'Wait', type: 'delay', parameters: { ms: 3_000 } };
  const root = { kind: 'flow', id: 'root', name: 'Ship', pattern: 'linear', items: [wait] };
  const document = JSON.stringify({ schemaVersion: 1, name: 'Ship', root });
  const { flow } = await client.do<{ flow: string }>('flows.import', { document });
  await client.do('flows.publish', { flow, revision: 1, note: '' });
  const { job } = await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {} });
  await expect.poll(async () => (await rowOf(job)).state).toBe('WAITING');
  change("UPDATE logbook_record SET body = 'x' || body");
  // The delay ends, the job is claimed, and its logbook cannot be read.
  await expect.poll(async () => (await rowOf(job)).attention).toBe('dead_lettered');
  const why = expect.stringMatching(/The logbook of job_\w+ cannot be read at entry \d/);
  expect(await rowOf(job)).toMatchObject({ flowName: 'Ship', run: 'RUNNING', attentionNote: why });
  for (const [procedure, input] of [
    ['jobs.get', { job }],
    ['logbook.page', { job, before: 1_000 }],
  ] as const) {
    const { status, text } = await client.query(procedure, input);
    expect([status, text]).toEqual([500, why]);
  }
  expect(await deadLetterOf(job)).toEqual({ readable: 'row', underWay: [], mayCancel: false, mayRollBack: false });
  const cancel = { job, reason: '', then: 'revert' };
  for (const act of ['jobs.tryAgain', 'jobs.cancel'])
    expect(await client.do(act, act === 'jobs.cancel' ? cancel : { job, reason: '' })).toMatchObject({ kind: 'refused', message: why });
});
