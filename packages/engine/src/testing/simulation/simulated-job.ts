// One job in a simulation of the core: conductors take it over from one another, calls take effect and answer when the
// simulation decides, and timers fire at any time. The random choices are made by the simulator, not here.
import { expect } from 'vitest';
import type { Actor } from '../../actor.ts';
import type { FlowDefinition } from '../../definition/schema.ts';
import { wholeCall } from '../../dispatch/call-order.ts';
import type { ActBy, Command, RunEvent } from '../../events.ts';
import type { Json } from '../../json.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { Limits } from '../../run/decide/limits.ts';
import { type Decision, decide } from '../../run/decide.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { compileFlow } from '../../run/graph/compiler.ts';
import { type CompiledFlow, atomsInside, droppedFrom } from '../../run/graph/graph.ts';
import { type AtomIndex, lookUp } from '../../run/graph/index-spaces.ts';
import { replay } from '../../run/state/fold/fold.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import { valueIn } from '../../logbook/entry-values.ts';
import { type Run, emptyRun } from '../../run/state/run.ts';
import { type RunCheckpoint, checkpointOf, restoreCheckpoint } from '../../run/state/checkpoint/checkpoint.ts';
import { restoreRun, snapshotOf } from '../../run/state/snapshot/snapshot-of.ts';
import { fakeCatalog } from '../flows.ts';
import type { SteadyTime } from '../../conductor/steady-time.ts';
import { SimulatedWorld } from '../simulated-world.ts';
import type { Flight, JobInView } from './job-in-view.ts';
import { RunLaws } from './run-laws.ts';
import { SimulatedMachine } from './simulated-machine.ts';

export const ana: Actor = { kind: 'person', id: 'ana', name: 'ana' };
export const bo: Actor = { kind: 'person', id: 'bo', name: 'bo' };

/** The fate of a turn: it is carried out; or its conductor dies before its entries are durable, or just after. */
export type Fate = 'carried out' | 'dies before the commit' | 'dies after the commit';

/** The random choices of the simulation. */
export interface Drawn {
  readonly parallel: number;
  /** Entries after which a turn ends; 2,000 without it. */
  readonly entries?: number;
  /** Does the call fail? */
  readonly fails: (flight: Flight) => boolean;
  /** Does a call take effect although its conductor dies? */
  readonly happens: () => boolean;
  /** Does a conductor that lost the claim live on, so that its calls may take effect later? When absent, each dies. */
  readonly livesOn?: () => boolean;
}

type Happening = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time' | 'actor' | 'token'> : never) : never;

export class SimulatedJob implements JobInView {
  readonly id = 'job';
  readonly flow: CompiledFlow;
  readonly entries: Entry[] = [];
  readonly world: SimulatedWorld;
  readonly laws: RunLaws;
  run: Run;
  /** A run restored from a checkpoint of this one; it must make the same decisions from then on. */
  twin: Run | null = null;
  readonly machine = new SimulatedMachine();
  /** The time of the run, as its driver has it. */
  #time: SteadyTime | null = null;
  flights: Flight[] = [];
  /** Calls of conductors that lost the claim and live on: their answers are lost, and only a person can say that they ended. */
  stray: Flight[] = [];
  #isFormerDead = false;
  /** Time of the conductor's only timer. */
  wakeAt: number | null = null;
  /** Does a conductor drive the job? A dead conductor leaves it CLAIMED. */
  isDriven = false;
  readonly parallel: number;
  readonly #limits: Limits;
  readonly #drawn: Drawn;
  /** Launched jobs that have ended. */
  readonly ended = new Set<string>();
  #token = 0;

  constructor(definition: FlowDefinition, drawn: Drawn) {
    this.flow = compileFlow(definition, typesFromCatalog(fakeCatalog));
    this.#drawn = drawn;
    this.parallel = drawn.parallel;
    this.#limits = { parallel: drawn.parallel, ...(drawn.entries === undefined ? {} : { entries: drawn.entries }) };
    this.world = new SimulatedWorld((undo) => this.#insideOf(undo));
    this.laws = new RunLaws(this);
    const data = { inputs: {} };
    this.entries.push({ kind: 'JOB', number: 1, time: this.now, actor: ana, token: 0, from: null, to: 'UNCLAIMED', data });
    this.run = this.#replayed();
  }

  /** The time of the run, or of the process while no conductor drives the job. */
  get now(): number {
    return this.#time?.now() ?? this.machine.processTime;
  }

  pass(ms: number): void {
    this.machine.pass(ms);
  }

  /** Time passes until then, unless it is past; it passes slower after the clock was set back. */
  passTo(time: number): void {
    for (let left = time - this.now; left > 0; left = time - this.now) this.machine.pass(Math.ceil(left));
  }

  /** A conductor claims the job: because it is offered, because its conductor died, or for an act. */
  claim(act?: ActBy, fate: Fate = 'carried out'): Decision {
    this.#token += 1;
    this.#time = this.machine.timeOf(this.run.lastTime);
    const former = this.#isFormerDead ? ({ isFormerDead: true } as const) : {};
    return this.#turn({ kind: 'CLAIMED', from: this.run.job, ...former, ...(act ? { act } : {}) }, fate);
  }

  /** Carries out an act, by the holder of the job or by claiming it. Returns the refusal; null when done or when the conductor died. */
  act(order: ActBy, fate: Fate): string | null {
    const decision = this.run.job === 'CLAIMED' ? this.#turn({ kind: 'ACT', ...order }, fate) : this.claim(order, fate);
    this.laws.checkAct(order, decision);
    return fate === 'carried out' && decision.answer?.kind === 'refused' ? decision.answer.message : null;
  }

  /** The call takes effect; its outcome is known after its answer. */
  perform(flight: Flight): void {
    if (flight.outcome !== null) return;
    const call = { ...flight.call, job: this.id };
    const outcome = this.world.perform(call, this.#drawn.fails(flight));
    const child = `child of ${call.atom} ${call.attempt}`;
    const waits = call.type === 'launch' && call.kind === 'apply' && outcome.kind === 'done' && !this.ended.has(child);
    flight.outcome = waits
      ? { kind: 'waiting', waiting: { on: 'job', job: child, until: this.machine.now() + 30_000, output: outcome.output } }
      : outcome;
  }

  /** Has a full turn left more to do than its conductor is about to do at once? */
  get isInterrupted(): boolean {
    return this.wakeAt === 0;
  }

  /** All calls under way take effect and answer, and so do the calls after them. */
  answerAll(): this {
    for (let [flight] = this.flights; flight !== undefined; [flight] = this.flights) {
      this.perform(flight);
      this.answer(flight, 'carried out');
    }
    return this;
  }

  /** The answer of a call that has taken effect arrives. */
  answer(flight: Flight, fate: Fate): void {
    this.flights = this.flights.filter((other) => other !== flight);
    const event = answerOf(flight);
    if (event === null) return;
    this.#turn(event, fate);
    if (fate === 'carried out') this.laws.checkProbe(flight);
  }

  /** The timer fires: at its time, too early, or again. */
  fire(fate: Fate): void {
    this.#turn({ kind: 'DUE' }, fate);
  }

  /** A job that a task of this one waits for has ended. */
  childEnded(child: string): void {
    this.ended.add(child);
    if (this.isDriven) this.#turn({ kind: 'JOB_AT_REST', job: child, hasEnded: true }, 'carried out');
  }

  /** The conductor loses the claim and its memory, and dies or lives on; the logbook is unchanged. */
  die(): void {
    const livesOn = this.#drawn.livesOn?.() ?? false;
    for (const flight of this.flights) {
      // A repeatable call is repeated, and a probe gives the outcome; only another call can be left to take effect later.
      if (livesOn && flight.outcome === null && this.#isLeftInDoubt(flight)) this.stray.push(flight);
      else if (this.#drawn.happens()) this.perform(flight);
    }
    this.isDriven = false;
    this.#time = null;
    this.machine.restart();
    this.#replay();
    // A conductor whose claim was never durable leaves the previous holder as the last known one.
    if (this.run.token === this.#token) this.#isFormerDead = !livesOn;
    const snapshot = snapshotOf(this.run);
    expect(snapshotOf(restoreRun(this.flow, structuredClone(snapshot))), 'I4: a snapshot is the state').toEqual(snapshot);
    this.flights = [];
    this.wakeAt = null;
    this.twin = null;
    this.laws.takenOver(this.#isFormerDead);
  }

  /** Must a person say whether such a call took effect, after a takeover? */
  #isLeftInDoubt({ call: { kind, atom } }: Flight): boolean {
    const type = this.run.flow.atomByAddress.get(atom)?.type;
    if (kind === 'apply') return type?.repeatable === false && !type.hasProbe;
    return kind === 'revert' && type?.revertRepeatable === false && !type.hasProbeRevert;
  }

  /** From now on a run restored from a checkpoint gets the same events. */
  restoreTwin(): void {
    const restoring = restoreCheckpoint(this.flow, JSON.parse(JSON.stringify(checkpointOf(this.run))) as RunCheckpoint);
    for (let step = restoring.next(); ; step = restoring.next()) {
      if (!step.done) continue;
      this.twin = step.value;
      this.twin.large.cacheNothing();
      return;
    }
  }

  #turn(event: Happening, fate: Fate): Decision {
    const time = this.now;
    const clock = { time, wallTime: this.machine.now(), jumps: this.#time?.jumps ?? [] };
    const whole = { ...event, ...clock, actor: conductor, token: this.#token } as RunEvent;
    const decision = decide(this.run, whole, this.#limits);
    this.#time?.reach(this.run.lastTime);
    if (this.twin !== null) {
      const same = decide(this.twin, whole, this.#limits);
      if (JSON.stringify(same) !== JSON.stringify(decision)) expect(same, 'a restored run decides the same').toEqual(decision);
    }
    if (fate === 'dies before the commit') {
      this.die();
      return decision;
    }
    this.entries.push(...decision.entries);
    if (fate === 'dies after the commit') {
      this.laws.note(decision);
      this.die();
      return decision;
    }
    this.isDriven = this.run.job === 'CLAIMED';
    for (const command of decision.commands) this.#carryOut(command);
    this.wakeAt = decision.wakeAt;
    this.laws.check(decision);
    if (this.run.job !== 'CLAIMED') this.#release();
    else if (decision.wanted.length > 0) this.#goOnWith(decision.wanted);
    return decision;
  }

  /** Large values are loaded, and the turn that stopped for them goes on. */
  #goOnWith(wanted: readonly StoredValue[]): void {
    for (const at of wanted) for (const run of [this.run, this.twin]) run?.large.load(at, this.#valueAt(at) ?? null);
    this.#turn({ kind: 'DUE' }, 'carried out');
  }

  #valueAt({ entry, field }: StoredValue): Json | undefined {
    const found = this.entries[entry - 1];
    return found === undefined ? undefined : valueIn(found, field);
  }

  #carryOut(command: Command): void {
    switch (command.kind) {
      case 'CALL':
        this.flights.push({
          call: wholeCall(command.call, (at) => this.#valueAt(at)),
          revertAttempt: command.revertAttempt,
          isStopped: false,
          outcome: null,
        });
        break;
      case 'FORGET':
        this.#forget(command.atom);
        break;
      case 'ABORT':
        for (const flight of this.flights) if (flight.call.atom === command.atom) flight.isStopped = true;
        break;
    }
  }

  /** A person has settled the outcome of the call. It may still take effect. */
  #forget(atom: string): void {
    for (const flight of [...this.flights, ...this.stray]) if (flight.call.atom === atom && this.#drawn.happens()) this.perform(flight);
    this.flights = this.flights.filter(({ call }) => call.atom !== atom);
    this.stray = this.stray.filter(({ call }) => call.atom !== atom);
  }

  #release(): void {
    this.wakeAt = null;
    this.#time = null;
    this.twin = null;
    // Replayed at the next claim, as by another process.
    this.#replay();
  }

  /** The run as another process reads it; replaying the entries gives the live state (I4). */
  #replay(): void {
    const live = snapshotOf(this.run);
    this.run = this.#replayed();
    // The entries of a turn may have been lost.
    if (this.run.number !== live.number) return;
    const replayed = snapshotOf(this.run);
    if (JSON.stringify(replayed) !== JSON.stringify(live)) expect(replayed, 'I4: replay is the live state').toEqual(live);
  }

  #replayed(): Run {
    const run = emptyRun(this.flow);
    run.large.cacheNothing();
    return replay(run, this.entries);
  }

  /**
   * The atoms that a container's own revert undoes: all inside, also those of an inner container that is never undone by itself (R8). An
   * effect that was kept before, in a catch, and an iteration that is no longer in its list stay as they are.
   */
  #insideOf(undo: string): string[] {
    const { flow, atoms } = this.run;
    const container = flow.atomByAddress.get(undo)?.container ?? null;
    const inside = container === null ? [] : atomsInside(flow, container);
    const isUndone = (index: AtomIndex) => lookUp(atoms, index)?.kept === null && droppedFrom(flow, index) === null;
    return inside.flatMap((index) => (isUndone(index) ? (flow.atoms[index]?.address ?? []) : []));
  }
}

const conductor: Actor = { kind: 'conductor', id: 'c1', name: 'c1' };

function answerOf({ call, revertAttempt, outcome }: Flight): Happening | null {
  const { atom, attempt } = call;
  const place = { atom, attempt, revertAttempt };
  switch (call.kind) {
    case 'apply':
      if (outcome?.kind === 'done') return { kind: 'APPLIED', atom, attempt, output: outcome.output };
      if (outcome?.kind === 'waiting') return { kind: 'POSTED', atom, attempt, waiting: outcome.waiting };
      return outcome?.kind === 'failed' ? { kind: 'APPLY_FAILED', atom, attempt, failure: outcome.failure } : null;
    case 'revert':
      if (outcome?.kind === 'done') return { kind: 'REVERTED', ...place };
      return outcome?.kind === 'failed' ? { kind: 'REVERT_FAILED', ...place, failure: outcome.failure } : null;
    case 'probe':
      if (outcome?.kind === 'done') return { kind: 'PROBED', atom, attempt, answer: { happened: 'yes', output: outcome.output } };
      if (outcome?.kind === 'absent') return { kind: 'PROBED', atom, attempt, answer: { happened: 'no' } };
      return { kind: 'PROBED', atom, attempt, answer: { happened: 'unknown', because: 'test' } };
    case 'probeRevert':
      if (outcome?.kind === 'done') return { kind: 'REVERT_PROBED', ...place, answer: { undone: 'yes' } };
      if (outcome?.kind === 'absent') return { kind: 'REVERT_PROBED', ...place, answer: { undone: 'no' } };
      return { kind: 'REVERT_PROBED', ...place, answer: { undone: 'unknown', because: 'test' } };
    case 'check':
      return null;
  }
}
