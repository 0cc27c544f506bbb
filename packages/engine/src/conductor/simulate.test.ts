// Several conductors on one board, with real code on both sides: they sleep past their leases, die, and get answers late, their
// connections to the store fail before or after a request is carried out, and people act on their jobs. At the end each
// logbook is compared with the real effects of the tasks.
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { MemoryStore } from '../board/memory-store.ts';
import type { JobBoard } from '../board/job-board.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { TaskOutcome } from '../dispatch/task-runner.ts';
import type { Entry } from '../logbook/entry.ts';
import type { JobCommit, LogbookStore } from '../logbook/logbook-store.ts';
import type { ActAnswer } from '../operator.ts';
import { MemoryCheckpoints } from '../logbook/checkpoint-store.ts';
import type { Act } from '../run/acts/act.ts';
import type { RollbackChoice } from '../run/plan/rollback-choice.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import type { RunState } from '../states.ts';
import { type Lots, type Size, drawFlow, lots, withProbes } from '../testing/draw-flow.ts';
import { fakeCatalog } from '../testing/flows.ts';
import { SimulatedNetwork, SimulatedProcess } from '../testing/simulated-process.ts';
import { SimulatedWorld } from '../testing/simulated-world.ts';
import { heldResources } from '../resources/resource-changes.ts';
import { type Conductor, startConductor } from './conductor.ts';
import { RunLoader } from './loading/load-run.ts';
import { checkpointChecker } from './rebuild-row.ts';
import { jobChangeOf } from './job-change.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000);
const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;

interface Scene extends Size {
  readonly seed: number;
  readonly steps: number;
}
interface Member {
  readonly name: string;
  readonly process: SimulatedProcess;
  readonly conductor: Conductor;
}

/** Questions to the board whose last argument is the time. */
const TIMED: ReadonlySet<string> = new Set(['claim', 'claimJob', 'renew']);

/** The flow of the simulation: each task has its own effect, and a probe can always tell whether it happened. */
function drawn(draw: Lots, size: Size): FlowDefinition {
  const text = JSON.stringify(drawFlow(draw, size), (key, value) => (key === 'revert' && value?.mode === 'task' ? undefined : value));
  return withProbes(JSON.parse(text) as FlowDefinition);
}

/** An act and its answer; undefined without an answer yet. */
interface Asked {
  readonly job: string;
  readonly act: Act;
  readonly by: string;
  answer?: ActAnswer;
}

class Simulation {
  readonly network = new SimulatedNetwork();
  readonly world = new SimulatedWorld();
  readonly store = new MemoryStore();
  readonly flows = new MemoryFlows();
  readonly checkpoints = new MemoryCheckpoints();
  readonly members: Member[] = [];
  readonly answers: (() => void)[] = [];
  /** The conductor that has committed under each token of a job. */
  readonly holders = new Map<string, string>();
  readonly asked: Asked[] = [];
  readonly jobs: string[] = [];
  /** Plans that a person has open. */
  readonly plans: { readonly job: string; readonly choice: RollbackChoice; readonly hash: string }[] = [];

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
  }

  async begin(definition: FlowDefinition): Promise<void> {
    const { id } = await this.flows.create(definition, ana, 1);
    await this.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    this.start();
    this.start();
    const order = { flow: id, version: 1, flowName: 'drawn', inputs: {}, priority: 0, actor: ana, key: null };
    for (let count = this.#draw.pick([1, 1, 2, 3]); count > 0; count -= 1) {
      this.jobs.push((await this.store.post(order, this.network.now)).job);
    }
  }

  start(): void {
    const process = new SimulatedProcess(this.network);
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
      typeOf: typesFromCatalog(fakeCatalog),
      capacity: this.#capacity,
      // The effect happens at once; the answer comes later.
      runner: {
        run: (call) => {
          const called = `${call.job} ${call.atom}`;
          if (calling.has(called)) this.world.broken.push(`${call.kind} of ${called} while another call of it was under way`);
          calling.add(called);
          const outcome = this.world.perform(call, this.#draw.chance(call.kind === 'revert' ? this.failing / 2 : this.failing));
          const answer = (resolve: (outcome: TaskOutcome) => void) =>
            process.hear(() => {
              calling.delete(called);
              resolve(outcome);
            });
          return new Promise((resolve) => this.answers.push(() => answer(resolve)));
        },
      },
      clock: process.clock(),
      conductor: { id: name, name },
    });
    this.members.push({ name, process, conductor });
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
            // Leases go by the clock of the store.
            const timed = TIMED.has(String(member)) ? [...args.slice(0, -1), this.network.now] : args;
            const answer = (await Reflect.apply(value, target, timed)) as unknown;
            if (member === 'commit' && answer === 'committed') this.#committed(name, args[0] as JobCommit);
            return answer;
          });
      },
    });
  }

  /** I6: only one conductor commits under a token, and never after a commit under a later token. */
  #committed(name: string, { job, token }: JobCommit): void {
    const held = `${job} ${token}`;
    const holder = this.holders.get(held) ?? name;
    this.holders.set(held, holder);
    if (holder !== name) this.world.broken.push(`I6: ${holder} and ${name} committed ${job} under token ${token}`);
  }

  /** A person who has seen the job acts, or opens the plan of a rollback, on any server, while others do the same. */
  async act(): Promise<void> {
    const awake = this.members.filter(({ process }) => process.isAwake);
    if (awake.length === 0) return;
    const draw = this.#draw;
    const { conductor } = draw.pick(awake);
    const job = draw.pick(this.jobs);
    if (draw.chance(0.3)) {
      const choice = { kind: 'job' } as const;
      conductor.plan(job, choice).then(
        ({ hash }) => this.plans.push({ job, choice, hash }),
        () => undefined,
      );
      return;
    }
    const reason = `act ${this.asked.length}`;
    const plan = draw.chance(0.3) ? this.plans.at(-1) : undefined;
    const fitting = draw.chance(0.8) ? FITTING[(await this.store.get(job))?.run ?? 'PENDING'] : [];
    const acts = actsFor(draw, reason);
    const fits = acts.filter(({ kind }) => fitting.includes(kind));
    const act: Act =
      plan === undefined ? draw.pick(fits.length > 0 ? fits : acts) : { kind: 'ROLL_BACK', reason, choice: plan.choice, hash: plan.hash };
    const asked: Asked = { job: plan?.job ?? job, act, by: draw.pick(['ana', 'bo']) };
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
    await settled();
  }

  /** A conductor sleeps until its lease has ended and others have gone on with the job. */
  async oversleep(): Promise<void> {
    const { process } = this.#draw.pick(this.members);
    process.sleep();
    for (const other of this.members) if (other.process !== process) other.process.wake();
    this.network.advance(31_000);
    for (let turn = this.#draw.below(60); turn > 0; turn -= 1) {
      await settled();
      for (const arrive of this.network.underWay.splice(0)) arrive();
      if (this.answers.length > 0 && this.#draw.chance(0.8)) take(this.answers, this.#draw)();
      else this.network.advance(300);
    }
    process.wake();
  }

  /** Without further faults, every job ends or needs a person. */
  async finish(): Promise<void> {
    this.failing = 0;
    this.broken = 0;
    for (const { process } of this.members) process.wake();
    for (let turn = 0; turn < 4_000; turn += 1) {
      await settled();
      const idle = this.network.underWay.length === 0 && this.answers.length === 0;
      if (idle && (await this.#areAtRest())) return;
      for (const arrive of this.network.underWay.splice(0)) arrive();
      for (const answer of this.answers.splice(0)) answer();
      if (idle) this.network.advance(1_000);
    }
    throw new Error('I7: it does not come to an end');
  }

  async #areAtRest(): Promise<boolean> {
    for (const job of this.jobs) {
      const row = await this.store.get(job);
      if (row?.state !== 'COMPLETE' && (row?.state !== 'WAITING' || row.wakeAt !== null)) return false;
    }
    return true;
  }

  async check(): Promise<void> {
    expect(this.world.broken, 'I3, I6').toEqual([]);
    for (const job of this.jobs) await this.#checkJob(job);
  }

  /** L2, B7: an act answered *done* is an entry, a refused one is not; the answer names an entry. */
  #checkActs(job: string, entries: readonly Entry[]): void {
    for (const { act, by, answer } of this.asked.filter((asked) => asked.job === job)) {
      const made = entries.filter((entry) => entry.kind === 'ACT' && entry.reason === act.reason);
      if (answer === undefined) continue;
      expect(made.length, `B7: ${act.kind} was answered ${answer.kind}`).toBe(answer.kind === 'done' ? 1 : 0);
      if (answer.kind !== 'done') continue;
      expect(made[0]).toMatchObject({ act: act.kind, actor: { id: by } });
      expect(answer.number, 'A2: the answer names an entry that is durable').toBeGreaterThanOrEqual(made[0]?.number ?? Infinity);
      expect(answer.number).toBeLessThanOrEqual(entries.length);
    }
  }

  async #checkJob(job: string): Promise<void> {
    const { flows, store, world } = this;
    const row = await store.get(job);
    const entries = await store.read(job, { after: 0, limit: 1_000_000 });
    this.#checkActs(job, entries);
    const run = await new RunLoader({ flows, logbook: store, typeOf: typesFromCatalog(fakeCatalog) }).load(row as never);
    const { state, attention, wakeAt, ...shown } = jobChangeOf(run);
    // I4, L1. The board itself writes the entry of a dead letter.
    if (row?.attention !== 'dead_lettered') expect(row, 'I4').toMatchObject({ state, attention, wakeAt, ...shown });
    const checked = checkpointChecker({ flows, logbook: store, typeOf: typesFromCatalog(fakeCatalog), checkpoints: this.checkpoints });
    expect(row && (await checked(row)), 'L1: a checkpoint that is not the replay').toBeNull();
    // Z2: the ledger equals the logbook.
    const { rows } = await store.resources({ job, limit: 10_000 });
    const held = ({ atom, stage, since }: { atom: string; stage: string; since: number }) => `${atom} ${stage} ${since}`;
    expect(rows.map(held).sort(), 'Z2').toEqual(heldResources(run).map(held).sort());
    const tokens = entries.map(({ token }) => token);
    expect(tokens, 'I6: a token that goes back').toEqual([...tokens].sort((a, b) => a - b));
    const times = entries.map(({ time }) => time);
    expect(times, 'L1: an entry that is older than the one before').toEqual([...times].sort((a, b) => a - b));
    const results = entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : []));
    expect(new Set(results).size, 'I5: a result recorded twice').toBe(results.length);
    if (row?.attention === 'dead_lettered') {
      expect(row.attentionNote, 'J4: given up for an error of the store').toContain('conductors in a row');
      return;
    }
    expect(row?.state === 'COMPLETE' ? ENDED : RESTING, `I7: ${row?.state} and ${run.state}`).toContain(run.state);
    if (row?.state === 'WAITING' && run.state !== 'SUSPENDED')
      expect(row.attention, `I7: ${run.state} waits for nothing named`).not.toBeNull();
    const kept = new Set(
      entries.flatMap((entry) => (entry.kind === 'MARK' && entry.mark === 'KEPT' ? [`${entry.atom} ${entry.attempt}`] : [])),
    );
    for (const [key, { atom: address, attempt }] of world.standing) {
      if (!key.startsWith(`${job}/`)) continue;
      const atom = run.atoms.find((one) => one.atom === address);
      const effects = atom && run.flow.atomByAddress.get(address)?.type?.effects.kind;
      if (effects !== 'reversible') continue;
      const accounted =
        kept.has(`${address} ${attempt}`) ||
        (atom?.attempt === attempt && (STANDING.includes(atom.state) || atom.inDoubt !== null || run.state === 'SUSPENDED'));
      expect(accounted, `I3: ${address} ${attempt} stands and is ${atom?.state} in attempt ${atom?.attempt}, the run ${run.state}`).toBe(
        true,
      );
    }
    if (run.state === 'SUCCESS') {
      const missing = run.atoms.filter(({ atom, attempt, state: is }, index) => {
        const isTask = run.flow.atoms[index]?.kind === 'task' && run.flow.atoms[index]?.type?.waits === null;
        return isTask && is === 'SUCCESS' && !world.standing.has(`${job}/${atom}/${attempt}`);
      });
      expect(missing, 'I3: successes that do not stand').toEqual([]);
    }
  }
}

/** Acts that fit the state of the run. */
const FITTING: { readonly [state in RunState]: readonly Act['kind'][] } = {
  PENDING: [],
  RUNNING: ['SUSPEND', 'CANCEL', 'SIGNAL'],
  SUSPENDING: ['CANCEL'],
  SUSPENDED: ['RESUME', 'CANCEL'],
  SUCCESS: [],
  FAILURE: ['RETRY_FAILED', 'RESUME'],
  REVERTING: ['SUSPEND'],
  REVERTED: ['APPLY_AGAIN'],
  PARTIALLY_REVERTED: ['APPLY_AGAIN'],
  REVERT_FAILED: [],
};

/** Acts that fit any state; the reason identifies the act. */
function actsFor(draw: Lots, reason: string): Act[] {
  return [
    { kind: 'SUSPEND', reason },
    { kind: 'RESUME', reason },
    { kind: 'CANCEL', reason, then: draw.pick(['revert', 'hold']) },
    { kind: 'APPLY_AGAIN', reason, parameters: {} },
    { kind: 'RETRY_FAILED', reason, parameters: {} },
    { kind: 'SIGNAL', reason, name: draw.pick(['go', 'stop']), data: null },
  ];
}

const ENDED = ['SUCCESS', 'REVERTED', 'PARTIALLY_REVERTED'];
const RESTING = ['RUNNING', 'REVERTING', 'SUSPENDING', 'SUSPENDED', 'FAILURE', 'REVERT_FAILED'];

/** A success, or a state in which an effect may be left. */
const STANDING = ['SUCCESS', 'FAILURE', 'REVERT_FAILURE', 'IGNORE'];

function take<T>(from: T[], draw: Lots): T {
  return from.splice(draw.below(from.length), 1)[0] as T;
}

/** Resolves when only the simulation can make progress. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const scene = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  steps: fc.integer({ min: 1, max: 150 }),
  width: fc.integer({ min: 2, max: 4 }),
  depth: fc.integer({ min: 0, max: 2 }),
  plain: fc.boolean(),
});

it(
  `I3 to I7: over ${RUNS} random runs with conductors that sleep past their lease, die and get answers late`,
  async () => {
    const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
    const property = fc.asyncProperty(scene, async (size: Scene) => {
      const draw = lots(size.seed);
      const simulation = new Simulation(draw);
      await simulation.begin(drawn(draw, size));
      for (let step = 0; step < size.steps; step += 1) await simulation.step();
      await simulation.finish();
      await simulation.check();
    });
    await fc.assert(property, { numRuns: RUNS, seed });
  },
  600_000 + 60 * RUNS,
);
