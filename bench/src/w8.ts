// W8: what a person asks of a long job, in CPU ms each: the page of a job of n steps in a process that has not seen it
// (from the checkpoint, the flow compiled), the page again, the plan of its rollback, an act that is refused; and a signal
// to a parked job that has had 1,500 of them. In each case the answer is written as JSON, as it would be sent.
import type { Act } from '@windlass/engine/run';
import { ENGINE_ACTOR, leanOf } from '@windlass/engine/run';
import type { Conductor } from '@windlass/engine/ports';
import { flowOf, pauseFlow } from './flows.ts';
import { measured, round } from './figures.ts';
import { conductorOn, driveUntil, orderFor } from './stage.ts';
import type { OpenStore } from './bench-store.ts';
import type { Workload } from './workload.ts';

const SIGNALS = 1_500;
const MEASURED = 100;
/** Number of conductors that have not loaded the job: each makes the measurements of a first load. */
const TIMES = 5;

export const w8: Workload = {
  name: 'W8',
  cases: ({ name, durable }) => (durable ? [{ store: name, n: 25_000, concurrency: 1 }] : []),
  async run({ n }, store, place) {
    const open = await store.open(place.address);
    const order = await orderFor(open, flowOf('linear', n));
    const { job } = await open.board.post(order, Date.now());
    const driven = await driveUntil(open, { jobs: 1, capacity: 1 });
    await driven.stop();
    const waiting = await orderFor(open, pauseFlow());
    const { job: parked } = await open.board.post({ ...waiting, inputs: { until: Date.now() + 3_600_000 } }, Date.now());
    const conductor = conductorOn(open, { capacity: 1, onTrouble: throwLater });
    const signal: Act = { kind: 'SIGNAL', reason: '', name: 'go', data: null };
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += 1) await conductor.act(parked, signal, ENGINE_ACTOR);
    };
    await send(SIGNALS);
    const signals = await measured(() => send(MEASURED));
    await conductor.stop();
    const figures = await figuresOf(open, job);
    await open.close();
    return { ...figures, signal_cpu_ms: round(signals.cpu / MEASURED / 1_000) };
  },
};

async function figuresOf(open: OpenStore, job: string) {
  const sums = { page_cold_cpu_ms: 0, page_cpu_ms: 0, plan_cpu_ms: 0, refused_cpu_ms: 0 };
  const page = async (conductor: Conductor) => void JSON.stringify(leanOf(await conductor.snapshot(job)));
  for (let time = 0; time < TIMES; time += 1) {
    const conductor = conductorOn(open, { capacity: 1, onTrouble: throwLater });
    const add = async (figure: keyof typeof sums, work: () => Promise<void>) => {
      sums[figure] += (await measured(work)).cpu / TIMES / 1_000;
    };
    // The flow is compiled, as it is in a server where other jobs of it run.
    await conductor.snapshot(job, 1);
    await add('page_cold_cpu_ms', () => page(conductor));
    await add('page_cpu_ms', () => page(conductor));
    await add('plan_cpu_ms', async () => void JSON.stringify(await conductor.plan(job, { kind: 'job' })));
    await add('refused_cpu_ms', async () => {
      const act: Act = { kind: 'ROLL_BACK', reason: '', choice: { kind: 'toEntry', number: 2 }, hash: 'another' };
      const answer = await conductor.act(job, act, ENGINE_ACTOR);
      if (answer.kind !== 'refused') throw new Error('The act was not refused.');
    });
    await conductor.stop();
  }
  return Object.fromEntries(Object.entries(sums).map(([figure, sum]) => [figure, round(sum)]));
}

function throwLater(trouble: Error): void {
  setImmediate(() => {
    throw trouble;
  });
}
