// W1: jobs of ten no-op steps in a row, C at once; each step's result is durably committed before the next starts.
// In memory the same run says how many steps a second the engine itself takes.
import { flowOf } from './flows.ts';
import { measured, peakMemory, quantile, round } from './figures.ts';
import { driveUntil, orderFor, postMany } from './stage.ts';
import type { Workload } from './workload.ts';

const STEPS = 10;

export const w1: Workload = {
  name: 'W1',
  cases: ({ name, durable }) => [
    ...(durable ? [{ store: name, n: 10_000, concurrency: 1 }] : []),
    { store: name, n: 50_000, concurrency: 50 },
  ],
  async run({ n, concurrency }, store, place) {
    const jobs = n / STEPS;
    const open = await store.open(place.address);
    const order = await orderFor(open, flowOf('linear', STEPS));
    await postMany(open, order, { count: jobs, inFlight: 50 });
    await open.close();
    const bytesBefore = await place.bytes();
    // A store in memory would lose its jobs.
    const again = store.durable ? await store.open(place.address) : open;
    // A step lasts from the start of its call to the start of the next one of its job: result and intention are durable.
    const startedAt = new Map<string, number>();
    const steps: number[] = [];
    const witness = {
      applying(job: string) {
        const now = performance.now();
        const before = startedAt.get(job);
        if (before !== undefined) steps.push(now - before);
        startedAt.set(job, now);
      },
      reverting() {},
    };
    let stop = async () => {};
    const { seconds, cpu, loop } = await measured(async () => {
      const conductor = await driveUntil(again, { jobs, capacity: concurrency, witness });
      stop = () => conductor.stop();
    });
    await stop();
    await again.close();
    return {
      steps_per_s: Math.round(n / seconds),
      p50_ms: round(quantile(steps, 0.5)),
      p99_ms: round(quantile(steps, 0.99)),
      cpu_us_per_step: round(cpu / n),
      ...(store.durable ? { bytes_per_step: Math.round(((await place.bytes()) - bytesBefore) / n) } : {}),
      rss_mb: peakMemory(),
      loop_max_ms: loop,
      total_s: round(seconds),
    };
  },
};
