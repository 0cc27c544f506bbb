// W1: jobs of ten no-op steps in a row, C at once; each step's result is durably committed before the next starts.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openBackends } from '@windlass/backends';
import { ENGINE_ACTOR, startConductor, systemClock, type TaskRunner, typesFromCatalog } from '@windlass/engine';
import { benchCatalog, flowOf } from './flows.ts';
import { type Limits, round } from './limits.ts';

const STEPS = 10;
const prismaFolder = resolve(import.meta.dirname, '../../prisma');

/** One line for `concurrency` jobs at once. */
export async function runW1(concurrency: number, limits: Limits): Promise<object> {
  const jobs = concurrency === 1 ? 200 : 2_000;
  const folder = mkdtempSync(join(tmpdir(), 'windlass-w1-'));
  const file = join(folder, 'w1.db');
  const stores = openBackends({ databaseUrl: `file:${file}`, prismaFolder });
  const draft = await stores.flows.create(flowOf('linear', STEPS), ENGINE_ACTOR, 0);
  await stores.flows.publish({ flow: draft.id, revision: draft.revision, note: '' }, ENGINE_ACTOR, 0);
  // A step lasts from the start of its call to the start of the next one of its job: result and intention are durable.
  const startedAt = new Map<string, number>();
  const steps: number[] = [];
  const runner: TaskRunner = {
    async run(call) {
      const now = performance.now();
      const before = startedAt.get(call.job);
      if (before !== undefined) steps.push(now - before);
      startedAt.set(call.job, now);
      return { kind: 'done', output: {} };
    },
  };
  const order = { flow: draft.id, version: 1, flowName: 'w1', inputs: {}, priority: 0, actor: ENGINE_ACTOR, key: null };
  for (let posted = 0; posted < jobs; posted += 50) {
    await Promise.all(Array.from({ length: Math.min(50, jobs - posted) }, () => stores.board.post(order, Date.now())));
  }
  const sizeBefore = sizeOf(file);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(benchCatalog),
    runner,
    clock: systemClock,
    capacity: concurrency,
    conductor: { id: 'bench', name: 'bench' },
  });
  await new Promise<void>((done) => {
    let complete = 0;
    const check = async () => {
      const { byState } = await stores.board.counts();
      complete = byState.COMPLETE ?? 0;
      if (complete === jobs) done();
      else setTimeout(() => void check(), 20);
    };
    void check();
  });
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await conductor.stop();
  await stores.close();
  const bytes = sizeOf(file) - sizeBefore;
  rmSync(folder, { recursive: true, force: true });
  steps.sort((a, b) => a - b);
  const n = jobs * STEPS;
  return {
    workload: 'W1',
    store: 'sqlite',
    n,
    concurrency,
    steps_per_s: Math.round(n / seconds),
    p50_ms: round(steps[Math.floor(steps.length / 2)] ?? 0),
    p99_ms: round(steps[Math.floor(steps.length * 0.99)] ?? 0),
    cpu_us_per_step: Math.round((user + system) / n),
    bytes_per_step: Math.round(bytes / n),
    rss_mb: Math.round(process.memoryUsage.rss() / 1e6),
    total_s: round(seconds),
    ...limits,
  };
}

function sizeOf(file: string): number {
  // The write-ahead log is folded into the file when the last connection closes, so only the file is asked at the end.
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
