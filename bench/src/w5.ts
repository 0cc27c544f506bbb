// W5: one flow of many no-op tasks, in memory and durable; time and peak memory of a process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openBackends } from '@windlass/backends';
import {
  ENGINE_ACTOR,
  type FlowStore,
  type JobBoard,
  type LogbookStore,
  startConductor,
  systemClock,
  type TaskRunner,
  typesFromCatalog,
} from '@windlass/engine';
import { MemoryFlows, MemoryStore } from '@windlass/engine/testing';
import { benchCatalog, flowOf, type Shape } from './flows.ts';
import { type Limits, round } from './limits.ts';

const prismaFolder = resolve(import.meta.dirname, '../../prisma');

export interface W5Case {
  readonly shape: Shape;
  readonly n: number;
  readonly store: 'memory' | 'sqlite';
}

interface Stores {
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  close(): Promise<void>;
}

export async function runW5({ shape, n, store }: W5Case, limits: Limits): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-w5-'));
  const stores = store === 'memory' ? inMemory() : openBackends({ databaseUrl: `file:${join(folder, 'w5.db')}`, prismaFolder });
  const runner: TaskRunner = { run: async () => ({ kind: 'done', output: {} }) };
  const draft = await stores.flows.create(flowOf(shape, n), ENGINE_ACTOR, 0);
  await stores.flows.publish({ flow: draft.id, revision: draft.revision, note: '' }, ENGINE_ACTOR, 0);
  const started = performance.now();
  const conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(benchCatalog),
    runner,
    clock: systemClock,
    conductor: { id: 'bench', name: 'bench' },
  });
  const { job } = await stores.board.post(
    { flow: draft.id, version: 1, flowName: 'w5', inputs: {}, priority: 0, actor: ENGINE_ACTOR, key: null },
    Date.now(),
  );
  await new Promise<void>((done) => {
    const check = async () => {
      if ((await stores.board.get(job))?.state === 'COMPLETE') done();
    };
    stores.board.onChanged(() => void check());
    void check();
  });
  const seconds = (performance.now() - started) / 1_000;
  await conductor.stop();
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    workload: 'W5',
    shape,
    store,
    n,
    concurrency: 1,
    total_s: round(seconds),
    steps_per_s: Math.round(n / seconds),
    rss_mb: Math.round(process.resourceUsage().maxRSS / 1_000),
    ...limits,
  };
}

function inMemory(): Stores {
  const jobs = new MemoryStore();
  return { flows: new MemoryFlows(), board: jobs, logbook: jobs, close: async () => {} };
}
