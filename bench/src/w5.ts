// W5: one flow of many no-op tasks; time and peak memory of a process of its own. W5r: the last task fails, and all
// is reverted.
import { type Ending, flowOf, type Shape, SHAPES } from './flows.ts';
import { measured, peakMemory, round } from './figures.ts';
import { driveUntil, orderFor } from './stage.ts';
import type { Workload } from './workload.ts';

const SIZES = [100, 1_000, 5_000, 20_000];
/** Growth beyond what others allow in one run, in memory. */
const LARGE = [50_000, 100_000];

function w5(name: string, ending: Ending): Workload {
  return {
    name,
    cases: (store) => [
      ...SHAPES.flatMap((shape) => SIZES.map((n) => ({ store: store.name, n, concurrency: 1, shape }))),
      ...(store.durable ? [] : LARGE.map((n) => ({ store: store.name, n, concurrency: 1, shape: 'linear' as Shape }))),
    ],
    async run({ n, shape = 'linear' }, store, place) {
      const open = await store.open(place.address);
      const order = await orderFor(open, flowOf(shape, n, ending));
      const { job } = await open.board.post(order, Date.now());
      let stop = async () => {};
      const { seconds, cpu, loop } = await measured(async () => {
        const conductor = await driveUntil(open, { jobs: 1, capacity: 1 });
        stop = () => conductor.stop();
      });
      const run = (await open.board.get(job))?.run;
      const wanted = ending === 'fails' ? 'REVERTED' : 'SUCCESS';
      if (run !== wanted) throw new Error(`The run ended ${run}, not ${wanted}.`);
      await stop();
      await open.close();
      return {
        total_s: round(seconds),
        steps_per_s: Math.round(n / seconds),
        cpu_us_per_step: round(cpu / n),
        rss_mb: peakMemory(),
        loop_max_ms: loop,
      };
    },
  };
}

export const w5forward = w5('W5', 'succeeds');
export const w5revert = w5('W5r', 'fails');
