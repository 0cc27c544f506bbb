// W7: 100,000 jobs parked on timers that fire within a window: what they cost while they wait, and how late they fire.
import { pauseFlow } from './flows.ts';
import { measured, quantile, round } from './figures.ts';
import { driveUntil, orderFor } from './stage.ts';
import type { Workload } from './workload.ts';

/** Time to post and to park all of them before the first one fires, and the time over which they fire. */
const LEAD_MS = 45_000;
const WINDOW_MS = 30_000;
const IN_FLIGHT = 50;

export const w7: Workload = {
  name: 'W7',
  cases: ({ name }) => [{ store: name, n: 100_000, concurrency: 200 }],
  async run({ n, concurrency }, store, place) {
    const open = await store.open(place.address);
    const order = await orderFor(open, pauseFlow());
    const first = Date.now() + LEAD_MS;
    const due = new Map<string, number>();
    const late: number[] = [];
    let parked = 0;
    let parkedAt = 0;
    let rss = 0;
    const before = process.memoryUsage().rss;
    const onState = (job: string, state: string) => {
      if (state === 'WAITING') {
        parked += 1;
        if (parked === n) {
          parkedAt = Date.now();
          rss = process.memoryUsage().rss;
        }
      }
      if (state === 'COMPLETE') late.push(Date.now() - (due.get(job) ?? 0));
    };
    let posted = 0;
    const post = async () => {
      while (posted < n) {
        const until = first + Math.round((posted++ / n) * WINDOW_MS);
        const { job } = await open.board.post({ ...order, inputs: { until } }, Date.now());
        due.set(job, until);
      }
    };
    const { seconds, cpu } = await measured(async () => {
      const posting = Promise.all(Array.from({ length: IN_FLIGHT }, post));
      const conductor = await driveUntil(open, { jobs: n, capacity: concurrency, onState });
      await posting;
      await conductor.stop();
    });
    await open.close();
    return {
      total_s: round(seconds),
      parked_before_first_s: round((first - parkedAt) / 1_000),
      rss_mb: Math.round(rss / 1_000_000),
      rss_before_mb: Math.round(before / 1_000_000),
      late_p50_ms: round(quantile(late, 0.5)),
      late_p99_ms: round(quantile(late, 0.99)),
      cpu_us_per_job: round(cpu / n),
    };
  },
};
