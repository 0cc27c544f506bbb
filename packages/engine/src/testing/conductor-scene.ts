// Conductors on one store, controlled by a test: time moves only when the test says so.
import type { Actor } from '../actor.ts';
import type { Claim } from '../board/job.ts';
import type { ActRelay } from '../board/job-board.ts';
import { MemoryStore } from '../board/memory-store.ts';
import type { Clock, Pause } from '../clock.ts';
import { type Conductor, startConductor } from '../conductor/conductor.ts';
import { MemoryFlows } from '../definition/flows/memory-flows.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';
import type { Entry } from '../logbook/entry.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import { fakeCatalog } from './flows.ts';
import { SimulatedNetwork, SimulatedProcess } from './simulated-process.ts';

/** More than the number of promises in a row between a call and the effects of its commit. */
const TURNS = 400;

/** A scene settles without turns of the event loop. */
const NO_PAUSE: Pause = async () => {};

const ana: Actor = { kind: 'person', id: 'ana', name: 'ana' };

/** A store whose methods can be made to fail. */
export class FailingStore extends MemoryStore {
  /** Set by a test whose board is shared by servers: then a driver learns of other jobs from the rows alone. */
  relay?: ActRelay;
  /** Called before each use; the store throws its exception. */
  fail: (asked: 'read' | 'commit' | 'claim' | 'renew' | 'abandon' | 'get') => void = () => {};

  override async read(...args: Parameters<MemoryStore['read']>) {
    this.fail('read');
    return super.read(...args);
  }
  override async commit(...args: Parameters<MemoryStore['commit']>) {
    this.fail('commit');
    return super.commit(...args);
  }
  override async claim(...args: Parameters<MemoryStore['claim']>) {
    this.fail('claim');
    return super.claim(...args);
  }
  override async renew(...args: Parameters<MemoryStore['renew']>) {
    this.fail('renew');
    return super.renew(...args);
  }
  override async abandon(claim: Claim) {
    this.fail('abandon');
    return super.abandon(claim);
  }
  override async get(job: string) {
    this.fail('get');
    return super.get(job);
  }
}

export class ConductorScene {
  readonly network = new SimulatedNetwork();
  readonly store = new FailingStore();
  readonly flows = new MemoryFlows();
  readonly calls: string[] = [];
  readonly troubles: unknown[] = [];
  /** Largest number of characters of large values that the calls of all runs hold; the default when undefined. */
  largeCalls: number | undefined = undefined;
  /** The largest number of calls of one atom of one job that were under way at once. */
  mostAtOnce = 0;
  readonly #underWay = new Map<string, number>();
  readonly #answer: (call: TaskCall, signal: AbortSignal) => Promise<TaskOutcome>;
  readonly #typeOf: TypeLookup;

  constructor(
    answer: (call: TaskCall, signal: AbortSignal) => Promise<TaskOutcome> = async () => ({ kind: 'done', output: {} }),
    typeOf: TypeLookup = typesFromCatalog(fakeCatalog),
  ) {
    this.#answer = answer;
    this.#typeOf = typeOf;
  }

  start(name = 'c1', clock: Clock = new SimulatedProcess(this.network).clock(), pause = NO_PAUSE): Conductor {
    return startConductor({
      ...(this.largeCalls === undefined ? {} : { largeCalls: this.largeCalls }),
      ...{ board: this.store, logbook: this.store, flows: this.flows, typeOf: this.#typeOf, clock, pause },
      runner: { run: (call, stop) => this.#run(call, stop.signal) },
      conductor: { id: name, name },
      onTrouble: (_, cause) => this.troubles.push(cause),
    });
  }

  async launch(conductor: Conductor, definition: FlowDefinition): Promise<string> {
    const { id } = await this.flows.create(definition, ana, 1);
    await this.flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
    const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    if (posted.kind !== 'posted') throw new Error('the job was not posted');
    return posted.job;
  }

  /** Moves time forward in small steps, and settles after each step. */
  async pass(ms: number, step = 50): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= step) {
      this.network.advance(Math.min(step, left));
      await this.settle();
    }
  }

  /** Runs everything that can run without time moving on, which is promises only. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await null;
  }

  entries(job: string): Promise<readonly Entry[]> {
    return this.store.read(job, { after: 0, limit: 100_000 });
  }

  async #run(call: TaskCall, signal: AbortSignal): Promise<TaskOutcome> {
    const count = (by: number) => {
      const atom = `${call.job} ${call.atom}`;
      const now = (this.#underWay.get(atom) ?? 0) + by;
      this.#underWay.set(atom, now);
      this.mostAtOnce = Math.max(now, this.mostAtOnce);
    };
    this.calls.push(`${call.kind} ${call.atom}`);
    count(1);
    try {
      return await this.#answer(call, signal);
    } finally {
      count(-1);
    }
  }
}
