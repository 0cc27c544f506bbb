import { afterEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../board/memory-store.ts';
import { systemClock } from '../clock.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { TaskCall, TaskOutcome, TaskRunner } from '../dispatch/task-runner.ts';
import type { JobCommit } from '../logbook/logbook-store.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../testing/flows.ts';
import { type Conductor, startConductor } from './conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const started: Conductor[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((conductor) => conductor.stop(50)));
});

/** A store whose commits can be delayed, as by a slow disk. */
class SlowStore extends MemoryStore {
  hold: Promise<void> = Promise.resolve();
  override async commit(commit: JobCommit): Promise<'committed' | 'claim-lost'> {
    await this.hold;
    return super.commit(commit);
  }
}

async function scene(
  definition = flow(linear('root', [task('a'), task('b')])),
  answer: (call: TaskCall) => Promise<TaskOutcome> = async () => ({ kind: 'done', output: {} }),
) {
  const store = new SlowStore();
  const flows = new MemoryFlows();
  const calls: string[] = [];
  const runner: TaskRunner = {
    run: (call) => {
      calls.push(`${call.kind} ${call.atom}`);
      return answer(call);
    },
  };
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const start = (name: string) => {
    const conductor = startConductor({
      board: store,
      logbook: store,
      flows,
      typeOf: typesFromCatalog(fakeCatalog),
      runner,
      clock: systemClock,
      conductor: { id: name, name },
    });
    started.push(conductor);
    return conductor;
  };
  const launch = async (conductor: Conductor) => {
    const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    return posted.kind === 'posted' ? posted.job : '';
  };
  const state = async (job: string) => (await store.get(job))?.run;
  return { store, calls, start, launch, state };
}

describe('a conductor', () => {
  it('A2: no task is applied and no person is answered before the entries are committed', async () => {
    const { store, calls, start, launch, state } = await scene();
    let release = () => {};
    store.hold = new Promise((resolve) => {
      release = resolve;
    });
    const conductor = start('c1');
    const job = await launch(conductor);
    await new Promise((resolve) => setTimeout(resolve, 60));
    let answered = false;
    const act = conductor.act(job, { kind: 'SUSPEND', reason: '' }, ana).then((answer) => {
      answered = true;
      return answer;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(calls).toEqual([]);
    expect(answered).toBe(false);
    release();
    expect(await act).toMatchObject({ kind: 'done' });
    await expect.poll(() => state(job)).toBe('SUSPENDED');
    expect(calls).toEqual(['apply a']);
  });

  it('A3: with a healthy conductor each task is applied exactly once', async () => {
    const { calls, start, launch, state } = await scene(flow(unordered('root', [task('a'), task('b'), task('c')])));
    const job = await launch(start('c1'));
    await expect.poll(() => state(job)).toBe('SUCCESS');
    expect(calls.sort()).toEqual(['apply a', 'apply b', 'apply c']);
  });

  it('J3: a conductor that lost its claim writes nothing, and the other conductor finishes the job', async () => {
    let stuck = true;
    const { store, start, launch, state } = await scene(flow(linear('root', [task('a')])), async () => {
      if (stuck) await new Promise((resolve) => setTimeout(resolve, 150));
      return { kind: 'done', output: {} };
    });
    const job = await launch(start('c1'));
    await new Promise((resolve) => setTimeout(resolve, 40));
    stuck = false;
    await store.releaseAll();
    start('c2');
    await expect.poll(() => state(job)).toBe('SUCCESS');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const entries = await store.read(job, { after: 0, limit: 100 });
    expect(entries.filter((entry) => entry.kind === 'ATOM' && entry.to === 'SUCCESS')).toHaveLength(1);
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  });

  it('B4: an act on a finished job claims it first; a refused act leaves no entry', async () => {
    const { store, start, launch, state } = await scene();
    const conductor = start('c1');
    const job = await launch(conductor);
    await expect.poll(() => state(job)).toBe('SUCCESS');
    const before = (await store.read(job, { after: 0, limit: 100 })).length;
    expect(await conductor.act(job, { kind: 'RESUME', reason: '' }, ana)).toMatchObject({ kind: 'refused' });
    expect(await store.read(job, { after: 0, limit: 100 })).toHaveLength(before);
    const { hash } = await conductor.plan(job, { kind: 'job' });
    await conductor.act(job, { kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash }, ana);
    await expect.poll(() => state(job)).toBe('REVERTED');
  });

  it('stopping waits for the results of running calls, and the next conductor goes on from there', async () => {
    const { start, launch, state, calls } = await scene(undefined, async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return { kind: 'done', output: {} };
    });
    const first = start('c1');
    const job = await launch(first);
    await expect.poll(() => calls).toEqual(['apply a']);
    await first.stop(2_000);
    expect(await state(job)).toBe('RUNNING');
    start('c2');
    await expect.poll(() => state(job)).toBe('SUCCESS');
    expect(calls).toEqual(['apply a', 'apply b']);
  });

  it('a failure of the store is reported, nothing is lost, and the job goes on when the store works again', async () => {
    const { store, start, launch, state } = await scene();
    const commit = store.commit.bind(store);
    let failures = 2;
    store.commit = (one) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : commit(one));
    const job = await launch(start('c1'));
    await expect.poll(() => state(job)).toBe('SUCCESS');
  });

  it('J3: a renewal before the answer to the commit that ends a claim does not count the claim as lost', async () => {
    const store = new (class extends MemoryStore {
      override async commit(commit: JobCommit): Promise<'committed' | 'claim-lost'> {
        const outcome = await super.commit(commit);
        // The commit is written and its answer is late: leases are renewed meanwhile.
        if (commit.change?.state === 'COMPLETE') await new Promise((resolve) => setTimeout(resolve, 300));
        return outcome;
      }
    })();
    const flows = new MemoryFlows();
    const { id } = await flows.create(flow(linear('root', [task('a')])), ana, 1);
    await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    const troubles: unknown[] = [];
    const fast = {
      ...systemClock,
      at: (time: number, due: () => void) => systemClock.at(Date.now() + (time - Date.now()) / 100, due),
      after: (ms: number, due: () => void) => systemClock.after(ms / 100, due),
    };
    const conductor = startConductor({
      board: store,
      logbook: store,
      flows,
      typeOf: typesFromCatalog(fakeCatalog),
      runner: { run: async () => ({ kind: 'done', output: {} }) },
      clock: fast,
      conductor: { id: 'c1', name: 'c1' },
      onTrouble: (_, cause) => troubles.push(cause),
    });
    started.push(conductor);
    await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await store.counts()).byState).toEqual({ COMPLETE: 1 });
    expect(troubles).toEqual([]);
  });
});
