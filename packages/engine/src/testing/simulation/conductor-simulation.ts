// One random run of several conductors on one board, with real code on both sides: they sleep past their leases, die, get answers
// late, and have wrong clocks. Their connections to the store fail before or after a request is carried out, people act on their
// jobs, and tasks launch jobs. The end is compared with the real effects of the tasks (conductor-laws.ts).
import type { FlowDefinition } from '../../definition/schema.ts';
import { systemPause } from '../../clock.ts';
import { type Conductor, startConductor } from '../../conductor/conductor.ts';
import { MemoryFlows } from '../../definition/flows/memory-flows.ts';
import type { TaskCall, TaskOutcome } from '../../dispatch/task-runner.ts';
import type { JobBoard } from '../../board/job-board.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import { MemoryCheckpoints } from '../../logbook/checkpoint-store.ts';
import type { Act } from '../../run/acts/act.ts';
import { RunLoader } from '../../conductor/loading/load-run.ts';
import type { RollbackChoice } from '../../run/plan/rollback-choice.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { ClockedStore } from '../clocked-store.ts';
import { type Lots, type Size, drawFlow, lots, withProbes } from '../draw-flow.ts';
import { fakeCatalog } from '../flows.ts';
import { SimulatedNetwork, SimulatedProcess } from '../simulated-process.ts';
import { SimulatedWorld } from '../simulated-world.ts';
import { BoardLaws } from './board-laws.ts';
import { drawAct, drawChoice, fittingActs } from './draw-act.ts';
import { type Asked, checkJobs } from './conductor-laws.ts';
import { isIdle, waitsForStuck } from './launch-laws.ts';
import { SimulatedLaunches } from './simulated-launches.ts';

const typeOf = typesFromCatalog(fakeCatalog);
const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;

/** Parameters of a random run; a failing run is shrunk by reducing them. */
export interface Scene extends Size {
  readonly seed: number;
  readonly steps: number;
}

interface Member {
  readonly name: string;
  readonly process: SimulatedProcess;
  readonly conductor: Conductor;
}

/** A flow of the simulation: each task has its own effect, and a probe can always tell whether it happened. */
function drawn(draw: Lots, size: Size): FlowDefinition {
  const text = JSON.stringify(drawFlow(draw, size), (key, value) => (key === 'revert' && value?.mode === 'task' ? undefined : value));
  return withProbes(JSON.parse(text) as FlowDefinition);
}

/** In some runs many tasks launch a job. */
function drawnParent(draw: Lots, size: Size): FlowDefinition {
  const share = draw.pick([0, 0, 0.3, 0.8]);
  const text = JSON.stringify(drawn(draw, size)).replaceAll('"type":"step"', (type) => (draw.chance(share) ? '"type":"launch"' : type));
  return JSON.parse(text) as FlowDefinition;
}

/** A launched job launches no other. */
function drawnChild(draw: Lots): FlowDefinition {
  const child = drawn(draw, { width: 2, depth: 1, plain: draw.chance(0.5) });
  return JSON.parse(JSON.stringify(child).replaceAll('"type":"launch"', '"type":"step"')) as FlowDefinition;
}

class ConductorSimulation {
  readonly network = new SimulatedNetwork();
  readonly world = new SimulatedWorld();
  readonly store = new ClockedStore(() => this.network.now);
  readonly flows = new MemoryFlows();
  readonly checkpoints = new MemoryCheckpoints();
  readonly members: Member[] = [];
  readonly answers: (() => void)[] = [];
  readonly asked: Asked[] = [];
  readonly jobs: string[] = [];
  readonly launches: SimulatedLaunches;
  /** Plans that a person has open. */
  readonly plans: { readonly job: string; readonly choice: RollbackChoice; readonly hash: string }[] = [];

  readonly #laws = new BoardLaws(this.store, this.world);
  #started = 0;
  #draw: Lots;
  readonly #sleepy: boolean;
  readonly #capacity: number;
  failing: number;
  /** Share of requests to the store that fail. */
  broken: number;

  constructor(draw: Lots) {
    this.#draw = draw;
    this.failing = draw.chance(0.5) ? 0.2 : 0;
    this.#sleepy = draw.chance(0.3);
    this.broken = draw.pick([0, 0, 0.02, 0.1]);
    this.#capacity = draw.pick([1, 200]);
    this.network.isSlow = () => draw.chance(0.1);
    this.network.fateOf = () => (draw.chance(this.broken) ? draw.pick(['fails', 'done and lost']) : 'answered');
    this.launches = new SimulatedLaunches(this.store, () => this.network.now);
  }

  async begin(definition: FlowDefinition): Promise<void> {
    const { id } = await this.flows.create(definition, ana, 1);
    await this.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    const child = await this.flows.create(drawnChild(this.#draw), ana, 1);
    await this.flows.publish({ flow: child.id, revision: 1, note: '' }, ana, 1);
    this.launches.flow = child.id;
    this.start();
    this.start();
    const order = { flow: id, version: 1, flowName: 'drawn', inputs: {}, priority: 0, actor: ana, key: null };
    for (let count = this.#draw.pick([1, 1, 2, 3]); count > 0; count -= 1) {
      this.jobs.push((await this.store.post(order, this.network.now)).job);
    }
  }

  start(): void {
    const process = new SimulatedProcess(this.network);
    if (this.#draw.chance(0.3)) process.setClock(this.#draw.pick([-70_000, -40_000, 40_000]));
    this.#started += 1;
    const name = `c${this.#started}`;
    /** Calls of this process, by job and atom. */
    const calling = new Set<string>();
    const conductor = startConductor({
      board: this.#through(process, name),
      logbook: this.#through(process, name),
      flows: this.flows,
      checkpoints: {
        keep: (job, made) => process.ask('keep', () => this.checkpoints.keep(job, made)),
        latest: (job) => process.ask('latest', () => this.checkpoints.latest(job)),
      },
      checkpointEvery: 3,
      pause: async () => {},
      typeOf,
      capacity: this.#capacity,
      // The effect happens at once; the answer comes later.
      runner: {
        run: (call) => {
          const called = `${call.job} ${call.atom}`;
          if (calling.has(called)) this.world.broken.push(`${call.kind} of ${called} while another call of it was under way`);
          calling.add(called);
          return new Promise((resolve) => {
            const answer = (outcome: TaskOutcome) =>
              this.answers.push(() =>
                process.hear(() => {
                  calling.delete(called);
                  resolve(outcome);
                }),
              );
            if (call.type === 'launch') void this.#launch(call, conductor).then(answer);
            else answer(this.world.perform(call, this.#draw.chance(call.kind === 'revert' ? this.failing / 2 : this.failing)));
          });
        },
      },
      clock: process.clock(),
      conductor: { id: name, name },
    });
    this.members.push({ name, process, conductor });
  }

  /** A launched job is an effect of its attempt from its posting to its end as undone. */
  async #launch(call: TaskCall, conductor: Conductor): Promise<TaskOutcome> {
    const { launches, world } = this;
    const posted = launches.all.length;
    if (call.kind === 'apply') world.perform(call, false);
    const outcome = await launches.call(call, conductor);
    for (const { job } of launches.all.slice(posted)) if (!this.jobs.includes(job)) this.jobs.push(job);
    if (call.kind === 'revert' && outcome.kind === 'done') world.perform(call, false);
    return outcome;
  }

  /** Kills a conductor and starts another. */
  kill(index: number): void {
    const [member] = this.members.splice(index, 1);
    member?.process.die();
    this.start();
  }

  /** The store, reached through the network. */
  #through(process: SimulatedProcess, name: string): JobBoard & LogbookStore {
    return new Proxy(this.store, {
      get: (target, member) => {
        const value = Reflect.get(target, member) as unknown;
        if (typeof value !== 'function') return value;
        if (member === 'onPosted' || member === 'onChanged' || member === 'follow') return () => () => {};
        return (...args: unknown[]) =>
          process.ask(String(member), async () => {
            const { now } = this.network;
            const answer = (await Reflect.apply(value, target, args)) as unknown;
            await this.#laws.note({ by: name, asked: String(member), args, answer, now });
            return answer;
          });
      },
    });
  }

  /** A person who has seen the job acts, or opens the plan of a rollback, on any server, while others do the same. */
  async act(): Promise<void> {
    const awake = this.members.filter(({ process }) => process.isAwake);
    if (awake.length === 0) return;
    const draw = this.#draw;
    const { conductor } = draw.pick(awake);
    const job = draw.pick(this.jobs);
    const row = await this.store.get(job);
    if (row === undefined) return;
    const run = await new RunLoader({ flows: this.flows, logbook: this.store, typeOf }).load(row);
    if (draw.chance(0.3)) {
      const choice = draw.chance(0.5) ? ({ kind: 'job' } as const) : drawChoice(draw, run);
      conductor.plan(job, choice).then(
        ({ hash }) => this.plans.push({ job, choice, hash }),
        () => undefined,
      );
      return;
    }
    const reason = `act ${this.asked.length}`;
    const plans = this.plans.filter((plan) => plan.job === job).slice(-2);
    const fitting = draw.chance(0.7) ? fittingActs(draw, run) : [];
    const drawnAct = fitting.length > 0 ? draw.pick(fitting) : drawAct(draw, run, plans);
    const act: Act = row.attention === 'dead_lettered' && draw.chance(0.5) ? { kind: 'TRY_AGAIN', reason } : { ...drawnAct, reason };
    const asked: Asked = { job, act, by: draw.pick(['ana', 'bo']) };
    this.asked.push(asked);
    conductor.act(asked.job, act, { kind: 'person', id: asked.by, name: asked.by }).then(
      (answer) => {
        asked.answer = answer;
      },
      () => undefined,
    );
  }

  async step(): Promise<void> {
    const draw = this.#draw;
    const lot = draw.below(100);
    if (lot < 45 && this.network.underWay.length > 0) take(this.network.underWay, draw)();
    else if (lot < 75 && this.answers.length > 0) take(this.answers, draw)();
    else if (lot < 76 && this.#sleepy) await this.oversleep();
    else if (lot < 82) draw.pick(this.members).process.sleep();
    else if (lot < 88) for (const { process } of this.members) process.wake();
    else if (lot < 90) this.kill(draw.below(this.members.length));
    else if (lot < 95) await this.act();
    // The clock of the store goes forward alone: no conductor could know of a lease that its store gave away and took back.
    else if (lot < 96 && draw.chance(0.5)) this.network.jump(40_000);
    else if (lot < 96) draw.pick(this.members).process.setClock(draw.pick([-70_000, -40_000, 40_000]));
    else this.network.advance(draw.pick([1, 300, 300, 1_000, 11_000, 31_000]));
    await systemPause();
  }

  /** A conductor sleeps until its lease has ended and others have gone on with the job. */
  async oversleep(): Promise<void> {
    const { process } = this.#draw.pick(this.members);
    process.sleep();
    for (const other of this.members) if (other.process !== process) other.process.wake();
    this.network.advance(31_000);
    for (let turn = this.#draw.below(60); turn > 0; turn -= 1) {
      await systemPause();
      for (const arrive of this.network.underWay.splice(0)) arrive();
      if (this.answers.length > 0 && this.#draw.chance(0.8)) take(this.answers, this.#draw)();
      else this.network.advance(300);
    }
    process.wake();
  }

  /** Without further faults, every job ends, needs a person, or waits for a job that needs one. */
  async finish(): Promise<void> {
    this.failing = 0;
    this.broken = 0;
    for (const { process } of this.members) process.wake();
    for (let turn = 0; turn < 4_000; turn += 1) {
      await systemPause();
      const idle = this.network.underWay.length === 0 && this.answers.length === 0;
      if (idle && (await this.#areAtRest())) return;
      for (const arrive of this.network.underWay.splice(0)) arrive();
      for (const answer of this.answers.splice(0)) answer();
      if (idle) this.network.advance(1_000);
    }
    const rows = await Promise.all(this.jobs.map((job) => this.store.get(job)));
    const words = rows.map((row) => `${row?.id} ${row?.state} ${row?.run} ${row?.attention} wakes ${row?.wakeAt} at ${this.network.now}`);
    throw new Error(`I7: it does not come to an end: ${words.join(', ')}`);
  }

  async #areAtRest(): Promise<boolean> {
    for (const job of this.jobs) {
      const row = await this.store.get(job);
      const isDue = row?.wakeAt != null && row.wakeAt <= this.network.now;
      if (isDue || (!isIdle(row) && !(await waitsForStuck(this, job)))) return false;
    }
    return true;
  }
}

function take<T>(from: T[], draw: Lots): T {
  return from.splice(draw.below(from.length), 1)[0] as T;
}

/** Runs and checks one random run. Rejects when a law is broken. */
export async function simulateConductors(scene: Scene): Promise<void> {
  const draw = lots(scene.seed);
  const simulation = new ConductorSimulation(draw);
  await simulation.begin(drawnParent(draw, scene));
  for (let step = 0; step < scene.steps; step += 1) await simulation.step();
  await simulation.finish();
  await checkJobs(simulation);
}
