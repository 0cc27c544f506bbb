// The cost of an act, a plan and a page of a long job, in entries that are read and folded: only the new ones.
import { beforeAll, expect, it, vi } from 'vitest';
import { MemoryStore } from '../board/memory-store.ts';
import { systemClock, systemPause } from '../clock.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { Act } from '../run/acts/act.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { type Conductor, startConductor } from './conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const TASKS = 600;

const store = new MemoryStore();
const flows = new MemoryFlows();
let read = 0;
const logbook: LogbookStore = {
  commit: (commit) => store.commit(commit),
  readBack: (job, range) => store.readBack(job, range),
  follow: (job, listener) => store.follow(job, listener),
  read: async (job, range) => {
    const page = await store.read(job, range);
    read += page.length;
    return page;
  },
};
let conductor: Conductor;
let job: string;

beforeAll(async () => {
  const tasks = Array.from({ length: TASKS }, (_, at) => task(`t${at}`));
  const { id } = await flows.create(flow(linear('root', [...tasks, task('last', { type: 'send' })]), { onFailure: 'hold' }), ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  conductor = startConductor({
    ...{ board: store, logbook, flows, typeOf: typesFromCatalog(fakeCatalog), clock: systemClock, conductor: { id: 'c1', name: 'c1' } },
    runner: {
      run: async ({ kind, atom }) => {
        await systemPause();
        if (kind === 'apply' && atom === 'last') return { kind: 'failed', failure: { code: 'BROKEN', message: 'no' } };
        return { kind: 'done', output: {} };
      },
    },
  });
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  job = posted.kind === 'posted' ? posted.job : '';
  await vi.waitFor(async () => expect((await store.get(job))?.attention).toBe('held'), 240_000);
  return () => conductor.stop(50);
});

/** Number of entries read during the work. */
async function counted<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly entries: number }> {
  const before = read;
  const answer = await work();
  return { answer, entries: read - before };
}

const signal: Act = { kind: 'SIGNAL', reason: '', name: 'go', data: 1 };

it('a run that was just driven is shown without reading its logbook again', async () => {
  const { answer, entries } = await counted(() => conductor.snapshot(job));
  expect([answer.state, entries]).toEqual(['FAILURE', 0]);
  expect(answer.number).toBeGreaterThan(2 * TASKS);
});

it('a plan is made once until an entry is added', async () => {
  const { answer, entries } = await counted(() => conductor.plan(job, { kind: 'job' }));
  expect(entries).toBe(0);
  expect(await conductor.plan(job, { kind: 'job' })).toBe(answer);
  expect((await conductor.plan(job, { kind: 'toEntry', number: 5 })).hash).not.toBe(answer.hash);
  await conductor.act(job, signal, ana);
  const moved = await conductor.plan(job, { kind: 'job' });
  expect(moved.basis).toBeGreaterThan(answer.basis);
  expect(moved.hash).not.toBe(answer.hash);
});

it('each of a hundred signals reads only the entries that it wrote, whatever the length of the logbook', async () => {
  for (let sent = 0; sent < 100; sent += 1) {
    const { answer, entries } = await counted(() => conductor.act(job, signal, ana));
    expect(answer.kind).toBe('done');
    expect(entries).toBeLessThan(10);
  }
});

it('a refused act reads no entry, and a rollback only the entries written since', async () => {
  const choice = { kind: 'job' } as const;
  const refused = await counted(() => conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice, hash: 'old' }, ana));
  expect(refused.answer).toMatchObject({ kind: 'refused', code: 'PLAN_CHANGED' });
  expect(refused.entries).toBeLessThan(10);
  const { hash } = await conductor.plan(job, choice);
  const done = await counted(() => conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice, hash }, ana));
  expect(done.answer.kind).toBe('done');
  expect(done.entries).toBeLessThan(10);
  await vi.waitFor(async () => expect((await store.get(job))?.state).toBe('COMPLETE'), 240_000);
});
