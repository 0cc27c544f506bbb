// The conductor: claims jobs from the board and drives their runs, as many at once as it may; renews its leases;
// answers operators. What it knows of a job beyond the board is in that job's driver.
import type { Actor } from '../actor.ts';
import type { Claim, JobRow } from '../board/job.ts';
import { type JobBoard, LEASE_MS } from '../board/job-board.ts';
import type { Clock } from '../clock.ts';
import type { FlowStore } from '../definition/flow-store.ts';
import { unsearchedInputs } from '../board/search/searched-inputs.ts';
import { checkInputs } from '../definition/check-inputs.ts';
import { targeted } from '../definition/targeted.ts';
import type { TaskRunner } from '../dispatch/task-runner.ts';
import { EngineError } from '../errors.ts';
import type { ActBy } from '../events.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { ActAnswer, LaunchAnswer, Operator } from '../operator.ts';
import type { Act } from '../run/acts/act.ts';
import type { RollbackChoice } from '../run/plan/rollback-choice.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import { planRollback } from '../run/plan/plan-rollback.ts';
import { refusalOf } from '../run/acts/refuse.ts';
import type { Drift, RollbackPlan } from '../run/plan/rollback-plan.ts';
import type { RunSnapshot } from '../run/state/snapshot.ts';
import { snapshotOf } from '../run/state/snapshot-of.ts';
import { driftOf, unseenDrift } from './drift.ts';
import { RunLoader } from './load-run.ts';
import { type DriverEnd, RunDriver } from './run-driver.ts';

export interface ConductorOptions {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly flows: FlowStore;
  /** What the task types are: `typesFromCatalog(catalog)`. */
  readonly typeOf: TypeLookup;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly conductor: { readonly id: string; readonly name: string };
  /** Most jobs driven at once. */
  readonly capacity?: number;
  /** Most atoms of one run at once. */
  readonly parallel?: number;
  /** Told of what no caller sees: a store that failed, a logbook that cannot be read. */
  readonly onTrouble?: (job: string, cause: unknown) => void;
}

/** How often leases are renewed (a third of the board's lease), and how often ended ones are looked for. */
const RENEW_EVERY = 10_000;
const LOOK_EVERY = 250;
/** Wait before a job whose commit failed is taken up again. */
const AFTER_FAILURE = 1_000;

/** A job under our claim. */
interface Held {
  readonly claim: Claim;
  readonly driver: Promise<RunDriver | null>;
  leaseUntil: number;
}

/** A running conductor; made by `startConductor`. */
export class Conductor implements Operator {
  readonly #options: ConductorOptions;
  readonly #loader: RunLoader;
  readonly #actor: Actor;
  readonly #drivers = new Map<string, Held>();
  readonly #capacity: number;
  readonly #idle = new Set<() => void>();
  #cancelTimers: (() => void)[] = [];
  #claiming: Promise<void> | null = null;
  #again = false;
  #stopping = false;

  constructor(options: ConductorOptions) {
    this.#options = options;
    this.#loader = new RunLoader(options);
    this.#actor = { kind: 'conductor', ...options.conductor };
    this.#capacity = options.capacity ?? 200;
  }

  start(): void {
    const { board } = this.#options;
    this.#cancelTimers.push(board.onPosted(() => this.#lookForJobs()));
    const relayed = board.relay?.serve(
      this.#options.conductor.id,
      async (job, order) => (await this.#drivers.get(job)?.driver)?.act(order) ?? null,
    );
    if (relayed !== undefined) this.#cancelTimers.push(relayed);
    this.#every(LOOK_EVERY, () => this.#lookForJobs());
    this.#every(RENEW_EVERY, () => void this.#renew());
    this.#lookForJobs();
  }

  /** Starts nothing more, waits up to `grace` ms for what is running to be recorded, gives the claims back. */
  async stop(grace = 3_000): Promise<void> {
    this.#stopping = true;
    for (const cancelTimer of this.#cancelTimers.splice(0)) cancelTimer();
    await this.#claiming;
    const drivers = await Promise.all([...this.#drivers.values()].map(({ driver }) => driver));
    for (const driver of drivers) driver?.drain();
    await this.#untilIdle(grace);
    for (const driver of drivers) driver?.stop('stopped');
    await this.#untilIdle(grace);
  }

  async launch(order: Parameters<Operator['launch']>[0]): Promise<LaunchAnswer> {
    const definition = await this.#options.flows.getVersion(order.flow, order.version);
    const checked = checkInputs(definition.inputs, order.inputs);
    if (checked.kind === 'invalid') return checked;
    // Throws for an item that the version does not have, before anything is posted.
    if (order.target !== undefined) targeted(definition, order.target);
    const posted = await this.#options.board.post(
      { ...order, flowName: definition.name, inputs: checked.inputs, unsearched: unsearchedInputs(definition.inputs) },
      this.#options.clock.now(),
    );
    return { kind: 'posted', ...posted };
  }

  async act(job: string, act: Act, by: Actor): Promise<ActAnswer> {
    if (act.kind === 'ROLL_BACK') {
      const unseen = unseenDrift(act, await this.#driftOf(job, act));
      if (unseen !== null) return unseen;
    }
    const held = await this.#drivers.get(job)?.driver;
    const answer = await held?.act({ act, by });
    // A driver that was just letting go of the job left it undone: then the job is claimed for it like any other.
    if (answer !== undefined && (answer.kind === 'done' || answer.code !== 'CLAIM_TAKEN' || this.#drivers.has(job))) return answer;
    const row = await this.#row(job);
    const refusal = refusalOf(await this.#loader.load(row), act, by);
    if (refusal !== null) return { kind: 'refused', ...refusal };
    const { board, clock, conductor } = this.#options;
    const taken = await board.claimJob(job, conductor.id, clock.now());
    if (taken.kind === 'taken') {
      const relayed = await board.relay?.ask(job, { act, by }, clock.now());
      if (relayed != null) return relayed;
      return { kind: 'refused', code: 'CLAIM_TAKEN', message: `${taken.by} has just claimed this job; try again in a moment.` };
    }
    return this.#drive(taken.claim, { act, by });
  }

  async plan(job: string, choice: RollbackChoice): Promise<RollbackPlan> {
    return planRollback(await this.#loader.view(await this.#row(job)), choice);
  }

  drift(job: string, choice: RollbackChoice): Promise<readonly Drift[]> {
    return this.#driftOf(job, { choice });
  }

  async snapshot(job: string, at?: number): Promise<RunSnapshot> {
    const row = await this.#row(job);
    return snapshotOf(at === undefined ? await this.#loader.view(row) : await this.#loader.load(row, at));
  }

  /** Nothing is asked of the world for a plan that is refused anyway. */
  async #driftOf(job: string, { choice, hash }: { readonly choice: RollbackChoice; readonly hash?: string }): Promise<readonly Drift[]> {
    const run = await this.#loader.load(await this.#row(job));
    const plan = planRollback(run, choice);
    if (plan.blocked !== null || (hash !== undefined && hash !== plan.hash)) return [];
    return driftOf(this.#options, { job, run, plan });
  }

  async #row(job: string): Promise<JobRow> {
    const row = await this.#options.board.get(job);
    if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    return row;
  }

  #lookForJobs(): void {
    if (this.#stopping) return;
    if (this.#claiming !== null) {
      this.#again = true;
      return;
    }
    this.#claiming = this.#claimJobs()
      .catch((thrown: unknown) => this.#options.onTrouble?.('', thrown))
      .finally(() => {
        this.#claiming = null;
        if (this.#again) {
          this.#again = false;
          this.#lookForJobs();
        }
      });
  }

  async #claimJobs(): Promise<void> {
    const { board, clock, conductor } = this.#options;
    // After a sleep, or a jump of the clock, our own leases look as ended as those of the dead.
    if ([...this.#drivers.values()].some(({ leaseUntil }) => leaseUntil <= clock.now())) await this.#renew();
    for (;;) {
      const room = this.#capacity - this.#drivers.size;
      if (room <= 0 || this.#stopping) return;
      const claims = await board.claim(conductor.id, room, clock.now());
      // Nobody waits for the answer here; a store that fails is told by the driver's end.
      for (const claim of claims) this.#drive(claim).catch(() => undefined);
      if (claims.length < room) return;
    }
  }

  async #drive(claim: Claim, forAct?: ActBy): Promise<ActAnswer> {
    const driver = this.#prepare(claim);
    this.#drivers.set(claim.job, { claim, driver, leaseUntil: claim.leaseUntil });
    const ready = await driver;
    if (ready !== null) return ready.start(forAct);
    this.#forget(claim.job);
    return { kind: 'refused', code: 'ACT_REFUSED', message: 'The logbook of this job cannot be read; look at the log of the server.' };
  }

  async #prepare(claim: Claim): Promise<RunDriver | null> {
    const { logbook, runner, clock, parallel } = this.#options;
    try {
      const run = await this.#loader.load({ id: claim.job, flow: claim.flow, version: claim.version, target: claim.target });
      const onEnd = (end: DriverEnd, cause?: unknown) => this.#driverEnded(claim, end, cause);
      const holds = () => this.#holds(claim);
      return new RunDriver({ claim, run, logbook, runner, clock, conductor: this.#actor, parallel: parallel ?? 10_000, holds, onEnd });
    } catch (thrown) {
      await this.#deadLetter(claim, thrown);
      return null;
    }
  }

  /** A run that cannot be read is never dropped and never tried for ever: it stands under attention. */
  async #deadLetter(claim: Claim, cause: unknown): Promise<void> {
    this.#options.onTrouble?.(claim.job, cause);
    const why = cause instanceof Error ? cause.message : String(cause);
    const change = {
      state: 'WAITING',
      run: 'PENDING',
      attention: 'dead_lettered',
      wakeAt: null,
      forward: why,
      startedAt: null,
      endedAt: null,
    } as const;
    await this.#options.logbook
      .commit({ job: claim.job, token: claim.token, entries: [], change })
      .catch((thrown: unknown) => this.#options.onTrouble?.(claim.job, thrown));
  }

  #driverEnded(claim: Claim, end: DriverEnd, cause: unknown): void {
    this.#forget(claim.job);
    switch (end) {
      case 'released':
        if (claim.parent !== null) this.#tellParent(claim.job, claim.parent);
        if (this.#drivers.size === this.#capacity - 1) this.#lookForJobs();
        break;
      case 'claim-lost':
        this.#options.onTrouble?.(
          claim.job,
          new EngineError(
            'CLAIM_LOST',
            `The claim on ${claim.job} was lost, or ran out before it could be renewed; whoever claims the job next goes on with it.`,
          ),
        );
        break;
      case 'stopped':
        void this.#abandon(claim);
        break;
      case 'store-failed':
        this.#options.onTrouble?.(claim.job, cause);
        this.#retryLater(claim);
        break;
    }
  }

  /** A job that another one posted has come to rest: whoever waits for it looks again. */
  #tellParent(job: string, parent: string): void {
    const { board, clock, onTrouble } = this.#options;
    const held = this.#drivers.get(parent)?.driver;
    if (held !== undefined) void held.then((driver) => driver?.jobEnded(job));
    else void board.wake(parent, clock.now()).catch((thrown: unknown) => onTrouble?.(parent, thrown));
  }

  #retryLater(claim: Claim): void {
    const { clock } = this.#options;
    clock.at(clock.now() + AFTER_FAILURE, () => void this.#abandon(claim).then(() => this.#lookForJobs()));
  }

  async #abandon(claim: Claim): Promise<void> {
    const { board, clock, onTrouble } = this.#options;
    await board.abandon(claim, clock.now()).catch((thrown: unknown) => onTrouble?.(claim.job, thrown));
  }

  #forget(job: string): void {
    this.#drivers.delete(job);
    if (this.#drivers.size === 0) for (const resolve of this.#idle) resolve();
  }

  async #renew(): Promise<void> {
    const { board, clock, conductor, onTrouble } = this.#options;
    const held = [...this.#drivers.values()];
    if (held.length === 0) return;
    const now = clock.now();
    const claims = held.map(({ claim }) => claim);
    try {
      const lost = await board.renew(conductor.id, claims, now);
      for (const one of held) {
        const { claim, driver } = one;
        if (lost.includes(claim.job)) (await driver)?.claimLost();
        else one.leaseUntil = now + LEASE_MS;
      }
    } catch (thrown) {
      onTrouble?.('', thrown);
    }
  }

  /** By our clock, or when that says no, by the board: nobody need have taken a claim whose lease has ended. */
  #holds(claim: Claim): true | Promise<boolean> {
    const isOurs = () => {
      const held = this.#drivers.get(claim.job);
      return held?.claim === claim && held.leaseUntil > this.#options.clock.now();
    };
    return isOurs() || this.#renew().then(isOurs);
  }

  #every(interval: number, work: () => void): void {
    const { clock } = this.#options;
    const tick = () => {
      work();
      if (!this.#stopping) wait();
    };
    const wait = () => {
      const cancelTimer = clock.at(clock.now() + interval, () => {
        this.#cancelTimers = this.#cancelTimers.filter((one) => one !== cancelTimer);
        tick();
      });
      this.#cancelTimers.push(cancelTimer);
    };
    wait();
  }

  async #untilIdle(grace: number): Promise<void> {
    if (this.#drivers.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancelTimer = this.#options.clock.at(this.#options.clock.now() + grace, resolve);
      this.#idle.add(() => {
        cancelTimer();
        resolve();
      });
    });
  }
}

/** Starts a conductor. */
export function startConductor(options: ConductorOptions): Conductor {
  const conductor = new Conductor(options);
  conductor.start();
  return conductor;
}
