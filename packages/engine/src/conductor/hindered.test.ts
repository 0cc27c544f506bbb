// A clock that jumps, a store that fails now and then or is slow, a task that never answers: clear failures or none,
// handled by the same rules, with no atom left RUNNING and no task done twice.
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../board/memory-store.ts';
import { type Clock, systemClock } from '../clock.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import type { TaskCall, TaskRunner } from '../dispatch/task-runner.ts';
import type { JobCommit } from '../logbook/logbook-store.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../testing/flows.ts';
import { type Conductor, startConductor } from './conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const started: Conductor[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((conductor) => conductor.stop(50)));
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const done = { kind: 'done', output: {} } as const;

/** The clock of this machine, set by hand while it runs. */
class SetClock implements Clock {
  ahead = 0;
  now(): number {
    return Date.now() + this.ahead;
  }
  at(time: number, due: () => void): () => void {
    return systemClock.at(time - this.ahead, due);
  }
  elapsed = systemClock.elapsed;
  after = systemClock.after;
}

async function launched(definition: FlowDefinition, parts: { runner: TaskRunner['run']; store?: MemoryStore; clock?: Clock }) {
  const { runner, store = new MemoryStore(), clock = systemClock } = parts;
  const flows = new MemoryFlows();
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const calls: string[] = [];
  const conductor = startConductor({
    board: store,
    logbook: store,
    flows,
    typeOf: typesFromCatalog(fakeCatalog),
    runner: {
      run: (call, stop) => {
        calls.push(`${call.kind} ${call.atom}`);
        return runner(call, stop);
      },
    },
    clock,
    conductor: { id: 'c1', name: 'c1' },
  });
  started.push(conductor);
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  const job = posted.kind === 'posted' ? posted.job : '';
  return { store, job, calls, conductor, row: () => store.get(job) };
}

describe('a clock that jumps', () => {
  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour back', -3_600_000],
  ])('%s puts no running call of a living process in doubt, and repeats none', async (_, jump) => {
    const clock = new SetClock();
    const { calls, row, store, job } = await launched(flow(linear('root', [task('a', { type: 'once' }), task('b', { type: 'once' })])), {
      clock,
      runner: async () => {
        await pause(700);
        return done;
      },
    });
    await pause(200);
    clock.ahead = jump;
    await expect.poll(async () => (await row())?.run).toBe('SUCCESS');
    expect(calls).toEqual(['apply a', 'apply b']);
    const entries = await store.read(job, { after: 0, limit: 100 });
    expect(entries.filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED')).toHaveLength(1);
    // L1: no entry is older than the one before it.
    const times = entries.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a store', () => {
  it('that fails every third time: the run and its rollback end, and no result is recorded twice', async () => {
    class FailingStore extends MemoryStore {
      #count = 0;
      override async commit(commit: JobCommit): Promise<'committed' | 'claim-lost'> {
        this.#count += 1;
        if (this.#count % 3 === 0) throw new Error('the disk is full');
        return super.commit(commit);
      }
    }
    const fast: Clock = {
      ...systemClock,
      at: (time, due) => systemClock.at(Date.now() + (time - Date.now()) / 20, due),
      after: (ms, due) => systemClock.after(ms / 20, due),
    };
    const runner = async ({ kind, atom }: TaskCall) =>
      kind === 'apply' && atom === 'z' ? ({ kind: 'failed', failure: { code: 'BROKEN', message: 'no' } } as const) : done;
    const items = Array.from({ length: 8 }, (_, index) => task(`t${index}`));
    const { store, job, row } = await launched(flow(linear('root', [unordered('u', items), task('z')])), {
      store: new FailingStore(),
      clock: fast,
      runner,
    });
    await expect.poll(async () => (await row())?.run).toBe('REVERTED');
    const entries = await store.read(job, { after: 0, limit: 1_000 });
    const ends = entries.flatMap((entry) =>
      entry.kind === 'ATOM' && (entry.to === 'SUCCESS' || entry.to === 'REVERTED') ? [`${entry.atom} ${entry.to}`] : [],
    );
    expect(new Set(ends).size).toBe(ends.length);
  });

  it('A2: that is slow is waited for, and no task starts and no person is answered early', async () => {
    const order: string[] = [];
    class SlowStore extends MemoryStore {
      override async commit(commit: JobCommit): Promise<'committed' | 'claim-lost'> {
        await pause(60);
        const outcome = await super.commit(commit);
        for (const entry of commit.entries) if (entry.kind === 'ATOM') order.push(`durable ${entry.atom} ${entry.to}`);
        return outcome;
      }
    }
    const { row } = await launched(flow(linear('root', [task('a'), task('b')])), {
      store: new SlowStore(),
      runner: async ({ atom }) => {
        order.push(`called ${atom}`);
        return done;
      },
    });
    await expect.poll(async () => (await row())?.run).toBe('SUCCESS');
    expect(order).toEqual(['durable a RUNNING', 'called a', 'durable a SUCCESS', 'durable b RUNNING', 'called b', 'durable b SUCCESS']);
  });
});

describe('a task', () => {
  it('A5: that never answers fails with TIMEOUT, is told to stop, and its later answer is ignored', async () => {
    const stuck = { ...task('a'), timeLimitMs: 120 };
    let answerLate = (_: typeof done) => {};
    let isAborted = false;
    const { store, job, row, calls } = await launched(flow(linear('root', [stuck])), {
      runner: (call, stop) => {
        if (call.kind === 'revert') return Promise.resolve(done);
        stop.signal.addEventListener('abort', () => {
          isAborted = true;
        });
        return new Promise((resolve) => {
          answerLate = resolve;
        });
      },
    });
    await expect.poll(() => isAborted).toBe(true);
    answerLate(done);
    await expect.poll(async () => (await row())?.run).toBe('REVERTED');
    expect(calls).toEqual(['apply a', 'revert a']);
    const states = (await store.read(job, { after: 0, limit: 100 })).flatMap((entry) => (entry.kind === 'ATOM' ? [entry.to] : []));
    expect(states).toEqual(['RUNNING', 'FAILURE', 'REVERTING', 'REVERTED']);
  });
});
