// W3: jobs posted with 50 in flight, then claimed and completed through the board by C at once, one lease a job.
import { type Claim, type Entry, ENGINE_ACTOR } from '@windlass/engine/run';
import { flowOf } from './flows.ts';
import { measured, quantile, round } from './figures.ts';
import { orderFor, postMany } from './stage.ts';
import type { OpenStore } from './bench-store.ts';
import type { Workload } from './workload.ts';

const IN_FLIGHT = 50;

export const w3: Workload = {
  name: 'W3',
  cases: ({ name }) => [10, 50].map((concurrency) => ({ store: name, n: 10_000, concurrency })),
  async run({ n, concurrency }, store, place) {
    const open = await store.open(place.address);
    const order = await orderFor(open, flowOf('linear', 1));
    const posting = await measured(() => postMany(open, order, { count: n, inFlight: IN_FLIGHT }));
    const times: number[] = [];
    const working = await measured(async () => {
      await Promise.all(Array.from({ length: concurrency }, (_, index) => workOff(open, `c${index}`, times)));
    });
    await open.close();
    if (times.length !== n) throw new Error(`${times.length} jobs were completed of ${n}.`);
    return {
      posts_per_s: Math.round(n / posting.seconds),
      cpu_us_per_post: round(posting.cpu / n),
      jobs_per_s: Math.round(n / working.seconds),
      cpu_us_per_job: round(working.cpu / n),
      p50_ms: round(quantile(times, 0.5)),
      p99_ms: round(quantile(times, 0.99)),
    };
  },
};

/** Claims one job, completes it, until there is none. */
async function workOff({ board, logbook }: OpenStore, conductor: string, times: number[]): Promise<void> {
  for (;;) {
    const started = performance.now();
    const [claim] = await board.claim(conductor, 1, Date.now());
    if (claim === undefined) return;
    const now = Date.now();
    const change = {
      state: 'COMPLETE',
      run: 'SUCCESS',
      attention: null,
      wakeAt: null,
      forward: 'succeeded',
      forwardKind: 'succeeded',
      startedAt: now,
      endedAt: now,
    } as const;
    await logbook.commit({ job: claim.job, token: claim.token, entries: completion(claim, now), change });
    times.push(performance.now() - started);
  }
}

function completion({ token, from }: Claim, time: number): Entry[] {
  const base = { time, actor: ENGINE_ACTOR, token };
  return [
    { ...base, kind: 'JOB', number: 2, from, to: 'CLAIMED' },
    { ...base, kind: 'JOB', number: 3, from: 'CLAIMED', to: 'COMPLETE' },
  ];
}
