// P8, P9, J6: jobs that launch jobs, and jobs that wait, on a real store with a real conductor.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backends, openBackends } from '@windlass/backends';
import { type FlowDefinition, flowDefinitionSchema, type Json } from '@windlass/engine/definition';
import { type Conductor, inProcessRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { catalogOf } from '@windlass/engine/task';
import { FilesRoot, HttpClient, taskTypes } from '@windlass/tasks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { launchedJobs } from './launched-jobs.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const inputs = { type: 'object', properties: { name: { type: 'string' } } };
const SECRET = 'correct/horse "battery"';
let folder: string;
let stores: Backends;
let conductor: Conductor;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-launch-'));
  stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder: join(import.meta.dirname, '../../../prisma') });
  const catalog = catalogOf(taskTypes);
  const world = {
    files: new FilesRoot(join(folder, 'files')),
    http: new HttpClient([]),
    commands: 'off' as const,
    jobs: launchedJobs(stores, () => conductor),
  };
  conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(catalog),
    runner: inProcessRunner({
      catalog,
      world,
      secrets: { resolve: async (name) => (name === 'token' ? SECRET : undefined) },
      log: () => {},
    }),
    clock: systemClock,
    conductor: { id: 'c', name: 'c' },
  });
});
afterEach(async () => {
  await conductor.stop();
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

function drawing(items: object[], more: object = {}): FlowDefinition {
  const root = { kind: 'flow', id: 'root', name: 'root', pattern: 'linear', items };
  return flowDefinitionSchema.parse({ schemaVersion: 1, name: 'test', inputs, root, ...more });
}
const task = (id: string, type: string, more: object) => ({ kind: 'task', id, name: id, type, ...more });

async function publish(definition: FlowDefinition): Promise<string> {
  const { id } = await stores.flows.create(definition, ana, 1);
  await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  return id;
}
async function launch(flow: string, given: { [name: string]: Json } = {}): Promise<string> {
  const posted = await conductor.launch({ flow, version: 1, inputs: given, priority: 0, actor: ana, key: null });
  if (posted.kind !== 'posted') throw new Error(JSON.stringify(posted));
  return posted.job;
}
const runOf = async (job: string) => (await stores.board.get(job))?.run;
const row = (job: string) => stores.board.get(job);
const made = (name: string) => existsSync(join(folder, 'files', name));

const child = () =>
  drawing([task('make', 'folder.create', { bindings: { path: { from: 'input', name: 'name' } } })], {
    outputs: { made: { from: 'output', item: 'make', path: 'path' } },
  });

it('P9: a launched job is waited for, gives its outputs, and is rolled back with the one that launched it', async () => {
  const launched = await publish(child());
  const parent = await publish(
    drawing([
      task('go', 'flow.launch', { parameters: { flow: launched, version: 1, inputs: { name: 'a' } } }),
      task('say', 'message', { bindings: { text: { from: 'output', item: 'go', path: 'outputs.made' } } }),
    ]),
  );
  const job = await launch(parent);
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  expect(made('a')).toBe(true);
  const { rows } = await stores.board.list({ limit: 10 });
  expect(rows.find(({ id }) => id !== job)).toMatchObject({ parent: job, run: 'SUCCESS' });
  const { hash } = await conductor.plan(job, { kind: 'job' });
  await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash }, ana);
  await expect.poll(() => runOf(job)).toMatch(/REVERTED/);
  expect(made('a')).toBe(false);
  expect(rows.find(({ id }) => id !== job) && (await runOf(rows.find(({ id }) => id !== job)?.id ?? ''))).toBe('REVERTED');
});

it.each([
  ['as it is', 'secrets.token'],
  ['inside a text', '"token=" + secrets.token'],
])('C1: a secret among the inputs of a launched job is refused by its name, and nothing is posted: %s', async (_, name) => {
  const inputs = `{"name": ${name}}`;
  const launched = await publish(child());
  const parent = await publish(
    drawing([
      task('go', 'flow.launch', { parameters: { flow: launched, version: 1 }, bindings: { inputs: { from: 'expression', cel: inputs } } }),
    ]),
  );
  const job = await launch(parent);
  await expect.poll(() => runOf(job)).toBe('REVERTED');
  const failure = (await conductor.snapshot(job)).atoms[0]?.failure;
  expect(failure).toMatchObject({ code: 'SECRET_STORED', message: expect.stringContaining('"token"'), nothingDone: true });
  expect((await stores.board.list({ limit: 10 })).rows.map(({ id }) => id)).toEqual([job]);
  expect(JSON.stringify(await stores.logbook.read(job, { after: 0, limit: 100 }))).not.toContain('horse');
});

it('B2: a job rolls another back by the plan that was read, in the name of whoever launched it, or is held', async () => {
  const target = await launch(await publish(child()), { name: 'a' });
  await expect.poll(() => runOf(target)).toBe('SUCCESS');
  const { hash } = await conductor.plan(target, { kind: 'job' });
  const rolling = (by: string) =>
    publish(
      drawing([task('roll', 'job.rollback', { parameters: { job: target, hash: by, reason: 'not needed' } })], { onFailure: 'hold' }),
    );
  const stale = await launch(await rolling('0'.repeat(hash.length)));
  await expect.poll(() => runOf(stale)).toBe('FAILURE');
  const failed = (await conductor.snapshot(stale)).atoms[0]?.failure;
  expect([failed?.code, failed?.message]).toEqual(['ROLLBACK_REFUSED', expect.stringContaining('Nothing was undone')]);
  expect(made('a')).toBe(true);

  const right = await rolling(hash);
  const job = await launch(right);
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  expect([await runOf(target), made('a')]).toEqual(['REVERTED', false]);
  const entries = await stores.logbook.read(target, { after: 0, limit: 100 });
  expect(entries.find((entry) => entry.kind === 'ACT')).toMatchObject({ act: 'ROLL_BACK', reason: 'not needed', actor: ana });
  // A job that was rolled back is not rolled back again, as after a crash between the confirmation and its record.
  const again = await launch(right);
  await expect.poll(() => runOf(again)).toBe('SUCCESS');
});

it('P8: a subflow runs as one item, pinned to its version, and is undone with the rest', async () => {
  const inner = await publish(child());
  const subflow = { kind: 'subflow', id: 'sub', name: 'sub', flow: inner, version: 1, bindings: { name: { from: 'input', name: 'name' } } };
  const outer = await publish(
    drawing([subflow, task('again', 'folder.create', { bindings: { path: { from: 'expression', cel: 'outputs.sub.made + "/b"' } } })]),
  );
  const job = await launch(outer, { name: 'a' });
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  expect((await conductor.snapshot(job)).atoms.map(({ atom }) => atom)).toEqual(['sub.make', 'again']);
  expect(made('a/b')).toBe(true);
  const { hash } = await conductor.plan(job, { kind: 'job' });
  await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash }, ana);
  await expect.poll(() => runOf(job)).toBe('REVERTED');
  expect(made('a')).toBe(false);
});

it('J6: a job that waits is parked, holds no claim, and goes on when its time comes, a person approves and a signal arrives', async () => {
  const flow = await publish(
    drawing([
      task('pause', 'delay', { parameters: { ms: 1_500 } }),
      task('ask', 'approval', { parameters: { question: 'Ship?', by: ['ana'] } }),
      task('hear', 'signal', { parameters: { name: 'deployed' } }),
    ]),
  );
  const job = await launch(flow);
  await expect.poll(async () => (await row(job))?.state).toBe('WAITING');
  expect(await row(job)).toMatchObject({ run: 'RUNNING', owner: null, attention: null });
  expect((await row(job))?.wakeAt).toBeGreaterThan(0);
  // It comes before anything waits for it, and is kept.
  await conductor.act(job, { kind: 'SIGNAL', reason: '', name: 'deployed', data: { at: 7 } }, ana);
  await expect.poll(async () => (await row(job))?.attention).toBe('approval');
  const bob = { kind: 'person', id: 'bob', name: 'bob' } as const;
  const refused = await conductor.act(job, { kind: 'ANSWER_APPROVAL', reason: '', atom: 'ask', approved: true }, bob);
  expect(refused).toMatchObject({ kind: 'refused', message: 'Only ana may answer this.' });
  await conductor.act(job, { kind: 'ANSWER_APPROVAL', reason: 'fine', atom: 'ask', approved: true }, ana);
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  const outputs = Object.fromEntries((await conductor.snapshot(job)).atoms.map(({ atom, output }) => [atom, output]));
  expect(outputs).toMatchObject({
    ask: { approved: true, by: 'ana', comment: 'fine' },
    hear: { data: { at: 7 }, received: true },
  });
});

it('A5: a task that is over its time limit fails with TIMEOUT and is aborted; a run past its deadline winds back', async () => {
  const slow = {
    kind: 'task',
    id: 'slow',
    name: 'slow',
    type: 'url.check',
    timeLimitMs: 200,
    parameters: { url: 'http://127.0.0.1:9/', attempts: 100 },
  };
  const limited = await launch(await publish(drawing([task('a', 'folder.create', { parameters: { path: 'x' } }), slow])));
  await expect.poll(() => runOf(limited)).toBe('REVERTED');
  const failed = (await conductor.snapshot(limited)).atoms.find(({ atom }) => atom === 'slow');
  expect(failed?.failure?.code).toMatch(/TIMEOUT|ADDRESS|URL/);
  const late = await launch(await publish(drawing([task('w', 'delay', { parameters: { ms: 60_000 } })], { timeLimitMs: 1_200 })));
  await expect.poll(() => runOf(late)).toBe('REVERTED');
  expect((await row(late))?.forward).toBe('past its deadline');
});

it('P10: a target runs only one item and what it needs', async () => {
  const flow = await publish(
    drawing([
      task('one', 'folder.create', { parameters: { path: 'one' } }),
      task('two', 'folder.create', { parameters: { path: 'two' } }),
      task('three', 'folder.create', { parameters: { path: 'three' } }),
    ]),
  );
  const posted = await conductor.launch({ flow, version: 1, inputs: {}, priority: 0, actor: ana, key: null, target: 'two' });
  const job = posted.kind === 'posted' ? posted.job : '';
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  expect([made('one'), made('two'), made('three')]).toEqual([true, true, false]);
  await expect(
    conductor.launch({ flow, version: 1, inputs: {}, priority: 0, actor: ana, key: null, target: 'none' }),
  ).rejects.toMatchObject({ code: 'DEFINITION_INVALID' });
});

it('P9: a flow that launches itself ends with a clear failure, and launches no more than 21 jobs', async () => {
  const { id } = await stores.flows.create(drawing([task('go', 'message', { parameters: { text: 'x' } })]), ana, 1);
  const itself = drawing([task('go', 'flow.launch', { parameters: { flow: id, version: 1, wait: false } })], { onFailure: 'hold' });
  await stores.flows.saveDraft({ flow: id, revision: 1, definition: itself }, ana, 1);
  await stores.flows.publish({ flow: id, revision: 2, note: '' }, ana, 1);
  await launch(id);
  const held = async () => (await stores.board.list({ limit: 100, attention: true })).rows;
  await expect.poll(async () => (await held()).length).toBe(1);
  const [deepest] = await held();
  expect(deepest).toMatchObject({ run: 'FAILURE', depth: 20 });
  expect((await conductor.snapshot(deepest?.id ?? '')).atoms[0]?.failure).toMatchObject({
    code: 'LAUNCH_TOO_DEEP',
    message: expect.stringContaining('at most 20'),
  });
  expect((await stores.board.list({ limit: 100 })).rows).toHaveLength(21);
});

it('P9: nothing is launched of a removed flow, by whomever; a launch that is asked for again finds its job', async () => {
  const launched = await publish(child());
  const order = { flow: launched, version: 1, inputs: { name: 'a' }, priority: 0, actor: ana, key: 'once' };
  const first = await conductor.launch(order);
  const parent = await publish(
    drawing([task('go', 'flow.launch', { parameters: { flow: launched, version: 1, inputs: { name: 'b' } } })], { onFailure: 'hold' }),
  );
  await expect.poll(() => runOf(first.kind === 'posted' ? first.job : '')).toBe('SUCCESS');
  await stores.flows.remove(launched);
  expect(await conductor.launch(order)).toEqual({ ...first, fresh: false });
  await expect(conductor.launch({ ...order, key: null })).rejects.toMatchObject({
    ...{ code: 'FLOW_UNKNOWN', message: `The flow ${launched} was removed, so it cannot be launched.` },
  });
  await expect(conductor.launch({ ...order, flow: 'Three files', key: null })).rejects.toMatchObject({
    ...{ code: 'FLOW_UNKNOWN', message: expect.stringContaining('There is no flow with the id "Three files"') },
  });
  const job = await launch(parent);
  await expect.poll(() => runOf(job)).toBe('FAILURE');
  expect((await conductor.snapshot(job)).atoms[0]?.failure?.code).toBe('FLOW_UNKNOWN');
  expect(made('b')).toBe(false);
});
