// A4, T1: a killed server leaves its programs running. The next start ends them before any job goes on, and the doubt says so.
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerProcess, newFolder } from './testing/server-process.ts';
import { type Client, signIn } from './testing/requests.ts';

let folder: ReturnType<typeof newFolder>;
let server: ServerProcess;
let client: Client;
const files = () => join(folder.path, 'files');

async function start(): Promise<void> {
  server = new ServerProcess({ WINDLASS_DATA: folder.path, WINDLASS_PORT: '0', WINDLASS_PERSON: 'ana', WINDLASS_COMMANDS: 'all' });
  client = await signIn(await server.ready());
}

beforeEach(async () => {
  folder = newFolder();
  mkdirSync(files());
  await start();
});
afterEach(async () => {
  await server.stop();
  folder.remove();
});

/** Publishes and launches a flow of this one command; the job's id. */
async function launch(parameters: object): Promise<string> {
  const root = { kind: 'flow', id: 'root', name: 'Left', pattern: 'linear', items: [task(parameters)] };
  const document = JSON.stringify({ schemaVersion: 1, name: 'Left', root });
  const { flow } = await client.do<{ flow: string }>('flows.import', { document });
  await client.do('flows.publish', { flow, revision: 1, note: '' });
  return (await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {} })).job;
}

const task = (parameters: object) => ({ kind: 'task', id: 'a', name: 'a', type: 'command.run', parameters });
/** A program that writes its number and a line a call, then has a child that lasts. */
const lasts = (name: string) => ({
  program: 'sh',
  args: ['-c', `echo $$ > ${name}.pid; echo x >> ${name}.calls; sleep 300 & wait; touch ${name}.over`],
});
const read = (name: string) => (existsSync(join(files(), name)) ? readFileSync(join(files(), name), 'utf8') : '');
/** The number of the program, once it has begun and is recorded: a loaded server may record it a moment later. */
async function underWay(name: string): Promise<string> {
  await expect.poll(() => read(`${name}.pid`)).toMatch(/^\d+\n$/);
  await expect.poll(() => (existsSync(records()) ? readdirSync(records()).length : 0)).toBe(1);
  return read(`${name}.pid`).trim();
}
const records = () => join(folder.path, 'programs');
const isRunning = (pid: string) => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
const doubtOf = async (job: string) => {
  const { snapshot } = await client.get<{ snapshot: { atoms: { atom: string; inDoubt?: string | null }[] } }>('jobs.get', { job });
  return snapshot.atoms.find(({ atom }) => atom === 'a')?.inDoubt ?? null;
};

it('A4: the program of a killed server is ended before its job goes on, and the doubt says that it no longer runs', async () => {
  const job = await launch(lasts('apply'));
  const pid = await underWay('apply');
  await server.stop('SIGKILL');
  expect(isRunning(pid)).toBe(true);
  await start();
  expect(isRunning(pid)).toBe(false);
  await expect.poll(() => doubtOf(job)).toContain('Its program “sh” no longer runs');
  expect([read('apply.calls'), existsSync(join(files(), 'apply.over'))]).toEqual(['x\n', false]);
  expect(readdirSync(records())).toEqual([]);
});

it('A4, R7: an undo command that may be repeated is ended before it runs again, so that two never run at once', async () => {
  const job = await launch({ program: 'true', undo: lasts('undo'), undoRepeatable: true });
  await expect.poll(async () => (await client.get<{ run: string }>('jobs.row', { job })).run).toBe('SUCCESS');
  const choice = { kind: 'job' };
  const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
  await client.do('rollback.confirm', { job, choice, hash, drift: [], outputs: {}, reason: '' });
  const pid = await underWay('undo');
  await server.stop('SIGKILL');
  await start();
  await expect.poll(() => read('undo.calls')).toBe('x\nx\n');
  expect(isRunning(pid)).toBe(false);
});
