// W2: one job, 1,000 no-op steps side by side, then a join.
import { joinOf } from './flows.ts';
import { measured, round } from './figures.ts';
import { driveUntil, orderFor } from './stage.ts';
import type { Workload } from './workload.ts';

/** Once for the code to become warm, as in a server that has been up for a while, then the one that counts. */
const ROUNDS = 5;

export const w2: Workload = {
  name: 'W2',
  cases: ({ name }) => [{ store: name, n: 1_000, concurrency: 1 }],
  async run({ n }, store, place) {
    const open = await store.open(place.address);
    const order = await orderFor(open, joinOf(n));
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await open.board.post(order, Date.now());
      let stop = async () => {};
      const { seconds } = await measured(async () => {
        const conductor = await driveUntil(open, { jobs: 1, capacity: 1 });
        stop = () => conductor.stop();
      });
      await stop();
      times.push(seconds * 1_000);
    }
    await open.close();
    const [first = 0, ...warm] = times;
    return { first_ms: round(first), total_ms: round(Math.min(...warm)) };
  },
};
