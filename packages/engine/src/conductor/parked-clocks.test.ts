// J6, P9: a parked job is neither claimed without pause nor left asleep, however the clocks of its conductors and its board differ.
import { describe, expect, it } from 'vitest';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { ClockedStore } from '../testing/clocked-store.ts';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { SimulatedNetwork, SimulatedProcess } from '../testing/simulated-process.ts';
import { startConductor } from './conductor.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };

/** More than the number of promises in a row between a timer and its last effect. */
const TURNS = 400;

/** A board with its own clock, and conductors that drive one job at a time by other clocks. */
class ClockScene {
  readonly network = new SimulatedNetwork();
  readonly store = new ClockedStore(() => this.network.now);
  readonly flows = new MemoryFlows();
  child = '';
  #childFlow = '';

  /** Starts a conductor whose clock is `ahead` ms ahead of the board's. */
  start(name: string, ahead: number): SimulatedProcess {
    const process = new SimulatedProcess(this.network);
    process.setClock(ahead);
    const clock = process.clock();
    startConductor({
      ...{ board: this.store, logbook: this.store, flows: this.flows, typeOf: typesFromCatalog(fakeCatalog), clock },
      ...{ capacity: 1, pause: async () => {}, conductor: { id: name, name } },
      runner: { run: (call) => (call.type === 'launch' ? this.#launch(call, clock.now()) : Promise.resolve(done)) },
    });
    return process;
  }

  async post(definition: FlowDefinition, parent?: { job: string; atom: string; key: string }): Promise<string> {
    const { id } = await this.flows.create(definition, ana, 1);
    await this.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    return this.#post(id, parent);
  }

  async publishChild(definition: FlowDefinition): Promise<void> {
    const { id } = await this.flows.create(definition, ana, 1);
    await this.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    this.#childFlow = id;
  }

  async #post(id: string, parent?: { job: string; atom: string; key: string }): Promise<string> {
    const order = { flow: id, flowName: 'f', version: 1, inputs: {}, priority: 0, actor: ana, key: parent?.key ?? null };
    return (await this.store.post({ ...order, ...(parent ? { parent } : {}) }, this.network.now)).job;
  }

  async #launch({ job, atom }: TaskCall, now: number): Promise<TaskOutcome> {
    this.child = await this.#post(this.#childFlow, { job, atom, key: `${job} ${atom}` });
    if ((await this.store.get(this.child))?.state === 'COMPLETE') return done;
    return { kind: 'waiting', waiting: { on: 'job', job: this.child, until: now + 30_000, output: null } };
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 50) {
      for (let turn = 0; turn < TURNS; turn += 1) await null;
      if (left > 0) this.network.advance(50);
    }
  }

  /** State of the run, and the number of claims of the job. */
  async look(job: string): Promise<{ readonly run: string | undefined; readonly claims: number }> {
    const entries = await this.store.read(job, { after: 0, limit: 100_000 });
    const claims = entries.filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED').length;
    return { run: (await this.store.get(job))?.run, claims };
  }
}

const AHEAD = [-3_600_000, -70_000, -25_000, 0, 25_000, 70_000, 3_600_000];

describe.each(AHEAD)('a conductor for one job at a time, whose clock is %i ms ahead of the clock of its board', (ahead) => {
  it('P9, J6: parks a job that waits for a child, drives the child, and goes on when the child has ended', async () => {
    const scene = new ClockScene();
    await scene.publishChild(flow(linear('root', [task('slow', { type: 'pause' })])));
    scene.start('c1', ahead);
    const job = await scene.post(flow(linear('root', [task('go', { type: 'launch' })])));
    await scene.pass(4_000);
    expect([await scene.look(job), (await scene.look(scene.child)).run]).toEqual([{ run: 'RUNNING', claims: 1 }, 'RUNNING']);
    await scene.pass(2_000);
    expect([await scene.look(job), (await scene.look(scene.child)).run]).toEqual([{ run: 'SUCCESS', claims: 2 }, 'SUCCESS']);
  });

  it('J6: asks for a child again every 30 s while the child needs a person', async () => {
    const scene = new ClockScene();
    await scene.publishChild(flow(linear('root', [task('ask', { type: 'ask', parameters: { then: 'fail' } })])));
    scene.start('c1', ahead);
    const job = await scene.post(flow(linear('root', [task('go', { type: 'launch' })])));
    await scene.pass(95_000);
    // The first claim, the wake-up by the child that needs a person, and three times after 30 s.
    expect(await scene.look(job)).toEqual({ run: 'RUNNING', claims: 5 });
  });

  it('J6: ends a delay after its time, however the job was parked meanwhile', async () => {
    const scene = new ClockScene();
    scene.start('c1', ahead);
    const job = await scene.post(flow(linear('root', [task('wait', { type: 'pause' })])));
    await scene.pass(4_500);
    expect(await scene.look(job)).toEqual({ run: 'RUNNING', claims: 1 });
    await scene.pass(1_000);
    expect(await scene.look(job)).toEqual({ run: 'SUCCESS', claims: 2 });
  });

  it('J6: ends a delay in time when a conductor with the clock of the board had parked the job and is dead', async () => {
    const scene = new ClockScene();
    const first = scene.start('c0', 0);
    const job = await scene.post(flow(linear('root', [task('wait', { type: 'pause' })])));
    await scene.pass(1_000);
    first.die();
    scene.start('c1', ahead);
    await scene.pass(4_500);
    expect(await scene.look(job)).toEqual({ run: 'SUCCESS', claims: 2 });
  });
});
