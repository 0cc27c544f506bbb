// P9, J6: what rolling back a job does to the jobs that it launched, wherever they stand, with room for one job at a time:
// a job that waits for another one holds no place.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backends, openBackends } from '@windlass/backends';
import { type FlowDefinition, flowDefinitionSchema } from '@windlass/engine/definition';
import { type Conductor, inProcessRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { catalogOf, defineTask } from '@windlass/engine/task';
import { FilesRoot, HttpClient, taskTypes } from '@windlass/tasks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { launchedJobs } from './launched-jobs.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
let folder: string;
let stores: Backends;
let conductor: Conductor;
/** How often the next reverts of `unsteady` fail. */
let revertFailures = 0;
/** The reverts of `unsteady` go on when it resolves. */
let revertsBegin: Promise<void> = Promise.resolve();
const unsteady = defineTask({
  ...{ type: 'test.unsteady', version: 1, title: 'Unsteady', summary: 'Its revert fails for a while.', icon: 'box', group: 'Test' },
  ...{ input: z.object({}), output: z.object({}), effects: { kind: 'reversible', undo: 'nothing stays' }, repeatable: true },
  apply: async () => ({}),
  async revert() {
    await revertsBegin;
    revertFailures -= 1;
    if (revertFailures >= 0) throw new Error('not now');
  },
});

const sent = defineTask({
  ...{ type: 'test.sent', version: 1, title: 'Sent', summary: 'It cannot be undone.', icon: 'box', group: 'Test' },
  ...{ input: z.object({}), output: z.object({}), effects: { kind: 'irreversible', reason: 'it is sent' }, repeatable: true },
  apply: async () => ({}),
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-launched-'));
  stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder: join(import.meta.dirname, '../../../prisma') });
  revertFailures = 1;
  revertsBegin = Promise.resolve();
  const catalog = catalogOf([...taskTypes, unsteady, sent]);
  const files = new FilesRoot(join(folder, 'files'));
  const world = { files, http: new HttpClient([]), commands: 'off' as const, jobs: launchedJobs(stores, () => conductor) };
  conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(catalog),
    runner: inProcessRunner({ catalog, world, secrets: { resolve: async () => undefined }, log: () => {} }),
    clock: systemClock,
    conductor: { id: 'c', name: 'c' },
    capacity: 1,
  });
});
afterEach(async () => {
  await conductor.stop();
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

const task = (id: string, type: string, more: object = {}) => ({ kind: 'task', id, name: id, type, ...more });
const drawing = (items: object[], more: object): FlowDefinition =>
  flowDefinitionSchema.parse({
    schemaVersion: 1,
    name: 'test',
    root: { kind: 'flow', id: 'root', name: 'root', pattern: 'linear', items },
    ...more,
  });
async function publish(items: object[], more: object = {}): Promise<string> {
  const { id } = await stores.flows.create(drawing(items, more), ana, 1);
  await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  return id;
}
async function launch(flow: string): Promise<string> {
  const posted = await conductor.launch({ flow, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  return posted.kind === 'posted' ? posted.job : '';
}
const runOf = async (job: string) => (await stores.board.get(job))?.run;
const childOf = async (job: string) => (await stores.board.list({ limit: 10 })).rows.find(({ parent }) => parent === job)?.id ?? '';
const made = (name: string) => existsSync(join(folder, 'files', name));
/** The folder gets content that no step has put there. */
function hinder(name: string): void {
  writeFileSync(join(folder, 'files', name, 'foreign'), 'x');
}
const once = { attempts: 1, delayMs: 0 };
const making = task('make', 'folder.create', { parameters: { path: 'a' }, revertPolicy: once });
const launching = (flow: string, wait: boolean) =>
  task('go', 'flow.launch', { parameters: { flow, version: 1, wait }, revertPolicy: once });
/** Fails, so that the tasks before it are reverted. */
const failing = task('stop', 'delay', { parameters: { until: 'never' } });
async function rollBack(job: string): Promise<void> {
  const { hash } = await conductor.plan(job, { kind: 'job' });
  await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash }, ana);
}

it('a job that nobody has begun is cancelled, and applies nothing', async () => {
  const job = await launch(await publish([launching(await publish([making]), false), failing]));
  await expect.poll(() => runOf(job)).toBe('REVERTED');
  const child = await stores.board.get(await childOf(job));
  expect([child?.run, child?.forward, made('a')]).toEqual(['REVERTED', 'cancelled', false]);
});

it('a job whose revert is tried again after a while is waited for, without holding the place that it needs', async () => {
  const policy = { attempts: 3, delayMs: 1_500 };
  const job = await launch(await publish([launching(await publish([making, task('u', 'test.unsteady', { revertPolicy: policy })]), true)]));
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  await rollBack(job);
  await expect.poll(() => runOf(job)).toBe('REVERTED');
  expect([await runOf(await childOf(job)), made('a')]).toEqual(['REVERTED', false]);
  const entries = await stores.logbook.read(job, { after: 0, limit: 100 });
  expect(entries.some((entry) => entry.kind === 'JOB' && entry.to === 'WAITING')).toBe(true);
});

it('a job whose revert fails for good fails the revert of its launch with what it says', async () => {
  revertFailures = 1_000;
  const job = await launch(await publish([launching(await publish([task('u', 'test.unsteady', { revertPolicy: once })]), true)]));
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  await rollBack(job);
  await expect.poll(() => runOf(job)).toBe('REVERT_FAILED');
  const failure = (await conductor.snapshot(job)).atoms[0]?.revertFailure;
  expect([failure?.code, failure?.message]).toEqual([
    'ROLLBACK_INCOMPLETE',
    expect.stringContaining('has a revert that failed, and a person has to decide'),
  ]);
});

it('B6: what has changed in a launched job and nobody confirmed stays when the job that launched it fails', async () => {
  const ask = task('ask', 'approval', { parameters: { question: 'Go on?' } });
  const job = await launch(await publish([launching(await publish([making]), true), ask]));
  await expect.poll(async () => (await stores.board.get(job))?.attention).toBe('approval');
  hinder('a');
  await conductor.act(job, { kind: 'ANSWER_APPROVAL', reason: 'no', atom: 'ask', approved: false }, ana);
  await expect.poll(() => runOf(job)).toBe('REVERT_FAILED');
  const failure = (await conductor.snapshot(job)).atoms[0]?.revertFailure;
  expect([failure?.code, made('a/foreign')]).toEqual(['ROLLBACK_REFUSED', true]);
});

const unsteadyTask = task('u', 'test.unsteady', { revertPolicy: { attempts: 2, delayMs: 60_000 } });
const waitsForPerson = async (job: string) => (await stores.board.get(job))?.attention;

it.each([
  ['ended in part', [task('m', 'test.sent'), making], async (job: string) => expect.poll(() => runOf(job)).toBe('PARTIALLY_REVERTED')],
  [
    'had a revert that failed',
    [task('u', 'test.unsteady', { revertPolicy: once })],
    async (job: string) => expect.poll(() => waitsForPerson(job)).toBe('revert_failed'),
  ],
  [
    'was paused by a person',
    [unsteadyTask],
    async (job: string) => expect((await conductor.act(job, { kind: 'SUSPEND', reason: 'wait' }, ana)).kind).toBe('done'),
  ],
])('A3: a rollback that its task confirmed before a crash is not confirmed again when it %s', async (_, items, meanwhile) => {
  const job = await launch(await publish(items));
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  const { hash } = await conductor.plan(job, { kind: 'job' });
  const { confirm } = launchedJobs(stores, () => conductor);
  const call = { job, drift: [], reason: 'not needed', by: job, key: 'job_a/roll/1', since: Date.now() };
  // The launching job's time may be ahead of the clock, which was set back: its task knows the rollback by its key.
  const ahead = { ...call, since: call.since + 3_600_000 };
  expect(await confirm({ ...ahead, hash })).toBeNull();
  await meanwhile(job);
  expect([await confirm(ahead), await confirm({ ...ahead, hash })]).toEqual([null, null]);
  const entries = await stores.logbook.read(job, { after: 0, limit: 100 });
  expect(entries.filter((entry) => entry.kind === 'ACT' && entry.act === 'ROLL_BACK')).toHaveLength(1);
});

it('B7: of two tasks that roll one job back at the same moment, one confirms the rollback and the other awaits it', async () => {
  const job = await launch(await publish([task('m', 'test.sent'), making]));
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  const { confirm } = launchedJobs(stores, () => conductor);
  const call = { job, drift: [], reason: '', by: job, since: Date.now() };
  const both = ['a', 'b'].map((task) => confirm({ ...call, key: `job_a/${task}/1` }));
  expect(await Promise.all(both)).toEqual([null, null]);
  await expect.poll(() => runOf(job)).toBe('PARTIALLY_REVERTED');
  const entries = await stores.logbook.read(job, { after: 0, limit: 100 });
  expect(entries.filter((entry) => entry.kind === 'ACT' && entry.act === 'ROLL_BACK')).toHaveLength(1);
});

it('J6: a task that rolls a job back is woken by the end of the rollback, before it would look itself', async () => {
  let end = () => {};
  revertsBegin = new Promise((resolve) => {
    end = resolve;
  });
  revertFailures = 0;
  const target = await launch(await publish([task('u', 'test.unsteady')]));
  await expect.poll(() => runOf(target)).toBe('SUCCESS');
  const job = await launch(await publish([task('roll', 'job.rollback', { parameters: { job: target } })]));
  await expect.poll(async () => (await stores.board.get(job))?.state).toBe('WAITING');
  end();
  await expect.poll(() => runOf(job)).toBe('SUCCESS');
  const entries = await stores.logbook.read(job, { after: 0, limit: 100 });
  const [, waits, again] = entries.filter((entry) => entry.kind === 'ATOM');
  expect([waits?.to, again?.to, again?.data?.repeated]).toEqual(['WAITING', 'RUNNING', true]);
  expect(again?.time).toBeLessThan(waits?.data?.waiting?.until ?? 0);
  expect((await conductor.snapshot(target)).rollback?.confirmedBy).toEqual({ job, key: `${job}/roll/1` });
});

it('P9: a task that awaits a rollback that a person confirmed looks at it often, because the end of that rollback does not wake it', async () => {
  let end = () => {};
  revertsBegin = new Promise((resolve) => {
    end = resolve;
  });
  const target = await launch(await publish([task('u', 'test.unsteady', { revertPolicy: { attempts: 2, delayMs: 600_000 } })]));
  await expect.poll(() => runOf(target)).toBe('SUCCESS');
  await rollBack(target);
  end();
  // The revert failed and is in its back-off, so the rollback holds no place.
  await expect.poll(async () => (await stores.board.get(target))?.state).toBe('WAITING');
  const job = await launch(await publish([task('roll', 'job.rollback', { parameters: { job: target } })]));
  const entriesOf = async () => (await stores.logbook.read(job, { after: 0, limit: 100 })).filter((entry) => entry.kind === 'ATOM');
  await expect.poll(async () => (await entriesOf())[1]?.to).toBe('WAITING');
  const [begun, waits] = await entriesOf();
  expect((waits?.data?.waiting?.until ?? Infinity) - (begun?.time ?? 0)).toBeLessThan(10_000);
});

it('B7: a refused rollback that another look at the job does not change is asked for once', async () => {
  const job = await launch(await publish([task('wait', 'delay', { parameters: { ms: 600_000 } })]));
  await expect.poll(async () => (await stores.board.get(job))?.state).toBe('WAITING');
  const act = conductor.act.bind(conductor);
  let acts = 0;
  conductor.act = (...asked) => {
    acts += 1;
    return act(...asked);
  };
  const { confirm } = launchedJobs(stores, () => conductor);
  const refused = await confirm({ job, drift: [], reason: '', by: job, key: 'job_a/roll/1', since: Date.now() });
  expect([refused, acts]).toEqual([expect.stringContaining('Pause it first'), 1]);
});

it('R7: a job whose revert fails for good fails the task that rolls it back, with what it says', async () => {
  revertFailures = 1_000;
  const target = await launch(await publish([task('u', 'test.unsteady', { revertPolicy: once })]));
  await expect.poll(() => runOf(target)).toBe('SUCCESS');
  const job = await launch(await publish([task('roll', 'job.rollback', { parameters: { job: target, reason: 'not needed' } })]));
  await expect.poll(async () => (await conductor.snapshot(job)).forward?.kind).toBe('failed');
  expect((await conductor.snapshot(job)).atoms[0]?.failure).toMatchObject({
    ...{ code: 'ROLLBACK_INCOMPLETE', message: `The job ${target} has a revert that failed, and a person has to decide.` },
  });
});

describe('P9: a launched job that', () => {
  const hold = task('ask', 'delay', { parameters: { until: 'never' } });
  const child = async (items: object[], onFailure: 'hold' | 'revert' = 'revert') => {
    const job = await launch(await publish([launching(await publish(items, { onFailure }), false)]));
    await expect.poll(() => runOf(job)).toBe('SUCCESS');
    return { job, launched: await childOf(job) };
  };
  const failureOf = async (job: string) => (await conductor.snapshot(job)).atoms[0]?.revertFailure ?? null;

  it('is held at a failure is rolled back', async () => {
    const { job, launched } = await child([making, hold], 'hold');
    await expect.poll(() => runOf(launched)).toBe('FAILURE');
    await rollBack(job);
    await expect.poll(() => runOf(job)).toBe('REVERTED');
    expect([await runOf(launched), made('a')]).toEqual(['REVERTED', false]);
  });

  it('is paused is cancelled and undone', async () => {
    const { job, launched } = await child([making, task('wait', 'delay', { parameters: { ms: 600_000 } })]);
    await expect.poll(async () => (await stores.board.get(launched))?.state).toBe('WAITING');
    await conductor.act(launched, { kind: 'SUSPEND', reason: 'lunch' }, ana);
    await rollBack(job);
    await expect.poll(() => runOf(job)).toBe('REVERTED');
    expect([await runOf(launched), made('a')]).toEqual(['REVERTED', false]);
  });

  it('its launch still waits for is undone when the job that launched it is cancelled', async () => {
    const waiting = task('wait', 'delay', { parameters: { ms: 600_000 } });
    const job = await launch(await publish([launching(await publish([making, waiting]), true)]));
    const stateOf = async (one: string) => (await stores.board.get(one))?.state;
    await expect.poll(async () => [await stateOf(job), await stateOf(await childOf(job))]).toEqual(['WAITING', 'WAITING']);
    expect(made('a')).toBe(true);
    await conductor.act(job, { kind: 'CANCEL', reason: 'wrong town', then: 'revert' }, ana);
    await expect.poll(() => runOf(job)).toBe('REVERTED');
    expect([await runOf(await childOf(job)), made('a')]).toEqual(['REVERTED', false]);
  });

  it('needs a person is waited for, and its launch ends when the person has answered', async () => {
    const ask = task('ask', 'approval', { parameters: { question: 'Go on?' } });
    const job = await launch(await publish([launching(await publish([ask]), true)]));
    // The need wakes the launch, which looks at the job and waits for it again.
    const waits = async () => {
      const entries = await stores.logbook.read(job, { after: 0, limit: 100 });
      return entries.filter((entry) => entry.kind === 'ATOM' && entry.to === 'WAITING').length;
    };
    await expect.poll(async () => (await waits()) === 2 || !['PENDING', 'RUNNING'].includes((await runOf(job)) ?? '')).toBe(true);
    expect(await runOf(job)).toBe('RUNNING');
    await conductor.act(await childOf(job), { kind: 'ANSWER_APPROVAL', reason: '', atom: 'ask', approved: true }, ana);
    await expect.poll(() => runOf(job)).toBe('SUCCESS');
  });

  it('has a rollback that a person paused fails the revert of the launch, which says so', async () => {
    const { job, launched } = await child([unsteadyTask]);
    await expect.poll(() => runOf(launched)).toBe('SUCCESS');
    await rollBack(launched);
    await conductor.act(launched, { kind: 'SUSPEND', reason: 'wait' }, ana);
    await rollBack(job);
    await expect.poll(() => runOf(job)).toBe('REVERT_FAILED');
    expect(await failureOf(job)).toMatchObject({
      ...{ code: 'ROLLBACK_REFUSED', message: expect.stringContaining('A rollback of this job is paused.') },
    });
    expect(await runOf(launched)).toBe('SUSPENDED');
  });

  it('B2: moves on between its plan and the act is rolled back by the new plan', async () => {
    const { launched } = await child([making, hold], 'hold');
    await expect.poll(() => runOf(launched)).toBe('FAILURE');
    const plan = conductor.plan.bind(conductor);
    let plans = 0;
    conductor.plan = async (...asked) => {
      const made = await plan(...asked);
      plans += 1;
      if (plans === 1) await conductor.act(launched, { kind: 'SIGNAL', reason: '', name: 'go', data: null }, ana);
      return made;
    };
    expect(await launchedJobs(stores, () => conductor).rollBack(launched, null)).toBeNull();
    await expect.poll(() => runOf(launched)).toBe('REVERTED');
    expect(plans).toBe(2);
  });
});
