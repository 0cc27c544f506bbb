// Several conductors on one board, with real code on both sides: they sleep past their leases, die, and hear late, their
// connections to the store are cut before or after what they asked was done, and people act on the job. At the end the logbook is held against what was really done.
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { MemoryStore } from '../board/memory-store.ts';
import type { JobBoard } from '../board/job-board.ts';
import { EngineError } from '../errors.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import { MemoryFlows } from '../definition/memory-flows.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { Act } from '../run/acts/act.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { type Lots, type Size, drawFlow, lots } from '../testing/draw-flow.ts';
import { fakeCatalog } from '../testing/flows.ts';
import { SimulatedNetwork, SimulatedProcess } from '../testing/simulated-process.ts';
import { SimulatedWorld } from '../testing/simulated-world.ts';
import { heldResources } from '../resources/resource-changes.ts';
import { type Conductor, startConductor } from './conductor.ts';
import { RunLoader } from './load-run.ts';
import { jobChangeOf } from './run-driver.ts';

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

/** What is to be held against the world: no task stands for others, and whether it happened can always be told. */
function drawn(draw: Lots, size: Size): FlowDefinition {
  const text = JSON.stringify(drawFlow(draw, size), (key, value) => (key === 'revert' && value?.mode === 'task' ? undefined : value));
  return JSON.parse(text.replaceAll('"type":"once"', '"type":"probed"')) as FlowDefinition;
}

class Simulation {
  readonly network = new SimulatedNetwork();
  readonly world = new SimulatedWorld();
  readonly store = new MemoryStore();
  readonly flows = new MemoryFlows();
  readonly members: Member[] = [];
  readonly answers: (() => void)[] = [];
  /** Who has committed under a token. */
  readonly holders = new Map<number, string>();
  job = '';

  #started = 0;
  #draw: Lots;
  readonly #sleepy: boolean;
  failing: number;
  /** How often a connection to the store is cut. */
  cutting: number;

  constructor(draw: Lots) {
    this.#draw = draw;
    this.failing = draw.chance(0.5) ? 0.2 : 0;
    this.#sleepy = draw.chance(0.3);
    this.cutting = draw.chance(0.4) ? 0.06 : 0;
  }

  async begin(definition: FlowDefinition): Promise<void> {
    const { id } = await this.flows.create(definition, ana, 1);
    await this.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    this.start();
    this.start();
    const order = { flow: id, version: 1, flowName: 'drawn', inputs: {}, priority: 0, actor: ana, key: null };
    this.job = (await this.store.post(order, this.network.now)).job;
  }

  start(): void {
    const process = new SimulatedProcess(this.network);
    this.#started += 1;
    const name = `c${this.#started}`;
    const conductor = startConductor({
      board: this.#through(process, this.store),
      logbook: this.#commits(name, this.#through(process, this.store)),
      flows: this.flows,
      typeOf: typesFromCatalog(fakeCatalog),
      // The effect is there at once; the answer takes its time.
      runner: {
        run: (call) => {
          const outcome = this.world.perform(call, this.#draw.chance(call.kind === 'revert' ? this.failing / 2 : this.failing));
          return new Promise((resolve) => this.answers.push(() => process.hear(() => resolve(outcome))));
        },
      },
      clock: process.clock(),
      conductor: { id: name, name },
    });
    this.members.push({ name, process, conductor });
  }

  /** Whoever dies is replaced by another. */
  kill(index: number): void {
    const [member] = this.members.splice(index, 1);
    member?.process.die();
    this.start();
  }

  /** All that is asked by way of the network, the store being at its other end. */
  #through(process: SimulatedProcess, store: MemoryStore): JobBoard & LogbookStore {
    return new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        if (name === 'onPosted' || name === 'onChanged' || name === 'follow') return () => () => {};
        return (...args: unknown[]) => process.ask(() => this.#cut(() => Reflect.apply(member, target, args) as Promise<unknown>));
      },
    });
  }

  /** What is asked of the store may be cut off on its way there, or on the way back when it is done. */
  async #cut(ask: () => Promise<unknown>): Promise<unknown> {
    const cut = () => new EngineError('STORE_FAILED', 'The connection was cut.');
    if (this.#draw.chance(this.cutting)) throw cut();
    const answer = await ask();
    if (this.#draw.chance(this.cutting)) throw cut();
    return answer;
  }

  /** I6: under one token only one conductor ever commits, and never after a later token has. */
  #commits(name: string, logbook: LogbookStore): LogbookStore {
    return {
      commit: async (commit) => {
        const outcome = await logbook.commit(commit);
        if (outcome === 'committed') {
          const holder = this.holders.get(commit.token) ?? name;
          this.holders.set(commit.token, holder);
          expect(holder, 'I6: two conductors committed under one token').toBe(name);
        }
        return outcome;
      },
      read: (job, range) => logbook.read(job, range),
      readBack: (job, range) => logbook.readBack(job, range),
      follow: (job, listener) => logbook.follow(job, listener),
    };
  }

  act(): void {
    const awake = this.members.filter(({ process }) => process.isAwake);
    if (awake.length === 0) return;
    const { conductor } = this.#draw.pick(awake);
    const plain = this.#draw.pick<Act>([
      { kind: 'SUSPEND', reason: '' },
      { kind: 'RESUME', reason: '' },
      { kind: 'CANCEL', reason: '', then: 'revert' },
      { kind: 'APPLY_AGAIN', reason: '', parameters: {} },
      { kind: 'RETRY_FAILED', reason: '', parameters: {} },
    ]);
    const rolledBack = this.#draw.chance(0.3);
    const choice = { kind: 'job' } as const;
    const acted = rolledBack
      ? conductor.plan(this.job, choice).then(({ hash }) => conductor.act(this.job, { kind: 'ROLL_BACK', reason: '', choice, hash }, ana))
      : conductor.act(this.job, plain, ana);
    acted.catch(() => undefined);
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
    else if (lot < 93) this.act();
    else this.network.advance(draw.pick([1, 300, 300, 1_000, 11_000, 31_000]));
    await settled();
  }

  /** One sleeps until its lease has ended and others have gone on with the job. */
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

  /** Nothing hinders any more: it comes to its end, or to where a person is needed. */
  async finish(): Promise<void> {
    this.failing = 0;
    this.cutting = 0;
    for (const { process } of this.members) process.wake();
    for (let turn = 0; turn < 4_000; turn += 1) {
      await settled();
      const row = await this.store.get(this.job);
      const idle = this.network.underWay.length === 0 && this.answers.length === 0;
      if (idle && (row?.state === 'COMPLETE' || (row?.state === 'WAITING' && row.wakeAt === null))) return;
      for (const arrive of this.network.underWay.splice(0)) arrive();
      for (const answer of this.answers.splice(0)) answer();
      if (idle) this.network.advance(1_000);
    }
    throw new Error('I7: it does not come to an end');
  }

  async check(): Promise<void> {
    const { job, flows, store, world } = this;
    const row = await store.get(job);
    const entries = await store.read(job, { after: 0, limit: 1_000_000 });
    const run = await new RunLoader({ flows, logbook: store, typeOf: typesFromCatalog(fakeCatalog) }).load(row as never);
    const { state, attention, wakeAt, ...shown } = jobChangeOf(run);
    // I4, L1; a dead letter is written by the board itself.
    if (row?.attention !== 'dead_lettered') expect(row, 'I4').toMatchObject({ state, attention, wakeAt, ...shown });
    // Z2: the ledger is what the logbook gives.
    const { rows } = await store.resources({ job, limit: 10_000 });
    const held = ({ atom, stage, since }: { atom: string; stage: string; since: number }) => `${atom} ${stage} ${since}`;
    expect(rows.map(held).sort(), 'Z2').toEqual(heldResources(run).map(held).sort());
    const tokens = entries.map(({ token }) => token);
    expect(tokens, 'I6: a token that goes back').toEqual([...tokens].sort((a, b) => a - b));
    const results = entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : []));
    expect(new Set(results).size, 'I5: a result recorded twice').toBe(results.length);
    // I3.
    expect(world.broken, 'I3').toEqual([]);
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
    for (const { atom: address, attempt } of world.standing.values()) {
      const atom = run.atoms.find((one) => one.atom === address);
      const effects = atom && run.flow.atomByAddress.get(address)?.type?.effects.kind;
      if (effects !== 'reversible') continue;
      const accounted =
        kept.has(`${address} ${attempt}`) || (atom?.attempt === attempt && (STANDING.includes(atom.state) || run.state === 'SUSPENDED'));
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

const ENDED = ['SUCCESS', 'REVERTED', 'PARTIALLY_REVERTED'];
const RESTING = ['RUNNING', 'REVERTING', 'SUSPENDED', 'FAILURE', 'REVERT_FAILED'];

/** A success, or what says by its state that something may be left. */
const STANDING = ['SUCCESS', 'FAILURE', 'REVERT_FAILURE', 'IGNORE'];

function take<T>(from: T[], draw: Lots): T {
  return from.splice(draw.below(from.length), 1)[0] as T;
}

/** All that can be done without the simulation has been done. */
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

it(`I3 to I7: over ${RUNS} random runs with conductors that sleep past their lease, die and hear late`, async () => {
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
}, 600_000);
