// The conductor: answers operators, also for jobs of other conductors, and renews its leases. The claim loop claims jobs from
// the board up to the conductor's limit, and the driver of a job holds its run.
import type { Actor } from '../actor.ts';
import type { JobRow } from '../board/job.ts';
import type { JobBoard } from '../board/job-board.ts';
import { type Clock, type Pause, every, momentOf, systemPause } from '../clock.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import type { TaskRunner } from '../dispatch/task-runner.ts';
import { EngineError } from '../errors.ts';
import type { ActBy } from '../events.ts';
import type { CheckpointStore } from '../logbook/checkpoint-store.ts';
import type { Json } from '../json.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import { ValueLoader } from './loading/value-loader.ts';
import type { ActAnswer, LaunchAnswer, Operator } from '../operator.ts';
import type { Act } from '../run/acts/act.ts';
import { type Doubt, doubtsOf } from '../run/acts/doubted-call.ts';
import type { RollbackChoice } from '../run/plan/rollback-choice.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import { planRollback } from '../run/plan/plan-rollback.ts';
import { refusalOf } from '../run/acts/refuse.ts';
import type { Drift, RollbackPlan } from '../run/plan/rollback-plan.ts';
import type { RunSnapshot } from '../run/state/snapshot/snapshot.ts';
import { snapshotOf } from '../run/state/snapshot/snapshot-of.ts';
import { ActQueues } from './act-queues.ts';
import { ClaimLoop } from './claims/claim-loop.ts';
import { ClaimedJobs } from './claims/claimed-jobs.ts';
import { isPermanent } from '../logbook/unreadable.ts';
import { reasonOf } from './dead-letter.ts';
import { driftOf, unseenDrift } from './drift.ts';
import { launchJob } from './launch-job.ts';
import { RunLoader } from './loading/load-run.ts';
import { ConductorTime } from './steady-time.ts';

export interface ConductorOptions {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly flows: FlowStore;
  /** Looks up task types: `typesFromCatalog(catalog)`. */
  readonly typeOf: TypeLookup;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly conductor: { readonly id: string; readonly name: string };
  /** Largest number of jobs driven at once. */
  readonly capacity?: number;
  /** Largest number of atoms of all runs that are driven, a million by default; a larger run is driven with no other. */
  readonly atoms?: number;
  /** Largest number of atoms of one run at once. */
  readonly parallel?: number;
  /**
   * Largest number of characters of large values that the calls of all runs hold at once, 64 million by default. Each run may have
   * one call beyond it.
   */
  readonly largeCalls?: number;
  /** Is the process of the conductor with that id known to be dead? When absent, no process is known to be dead (R11). */
  readonly isDead?: (conductor: string) => boolean;
  /** When absent, a run is replayed from its first entry whenever it is loaded. */
  readonly checkpoints?: CheckpointStore;
  /** Least number of entries between two checkpoints of a job; 1,000 by default. */
  readonly checkpointEvery?: number;
  readonly pause?: Pause;
  /** Receives failures that no caller gets: a store that failed, a logbook that cannot be read. */
  readonly onTrouble?: (job: string, cause: unknown) => void;
}

/** Interval of renewing leases (a third of the lease) and of looking for ended leases. */
const RENEW_EVERY = 10_000;
const LOOK_EVERY = 250;
/** Largest number of attempts to claim a job for an act while other conductors claim and release it. */
const MOST_TRIES = 5;
/** Pause before the next try while this conductor gives the job back, which takes a second after a failed commit. */
const OWN_PAUSE = 300;

/** A running conductor; made by `startConductor`. */
export class Conductor implements Operator {
  readonly #options: ConductorOptions;
  readonly #time: ConductorTime;
  readonly #loader: RunLoader;
  readonly #values: ValueLoader;
  readonly #jobs: ClaimedJobs;
  readonly #queues = new ActQueues();
  readonly #loop: ClaimLoop;
  readonly #cancels: (() => void)[] = [];

  constructor(options: ConductorOptions) {
    const pause = options.pause ?? systemPause;
    this.#options = options;
    this.#time = new ConductorTime(options.clock, { isShared: options.board.hasClock === true });
    this.#loader = new RunLoader(options);
    this.#values = new ValueLoader(options.logbook);
    this.#jobs = new ClaimedJobs({
      ...options,
      values: this.#values,
      time: this.#time,
      loader: this.#loader,
      conductor: { kind: 'conductor', ...options.conductor },
      pause,
      capacity: options.capacity ?? 200,
      atoms: options.atoms ?? 1_000_000,
      parallel: options.parallel ?? 10_000,
      largeCalls: options.largeCalls ?? 67_108_864,
      isDead: options.isDead ?? (() => false),
      onTrouble: (job, cause) => options.onTrouble?.(job, cause),
      lookForJobs: () => this.#loop.look(),
      claiming: () => this.#loop.claiming ?? Promise.resolve(),
    });
    const onTrouble = (thrown: unknown) => options.onTrouble?.('', thrown);
    this.#loop = new ClaimLoop({ ...options, pause, time: this.#time, jobs: this.#jobs, onTrouble });
  }

  start(): void {
    const { board, clock, conductor } = this.#options;
    const look = () => this.#loop.look();
    const stopServing = board.relay?.serve(conductor.id, (job, order) => this.#askClaimed(job, order));
    const { awaited } = this.#jobs;
    this.#cancels.push(
      board.onPosted(look),
      ...(stopServing === undefined ? [] : [stopServing]),
      ...(awaited === null ? [] : [board.onChanged((job) => void awaited.look(job))]),
      every(clock, LOOK_EVERY, look),
      every(clock, RENEW_EVERY, () => void this.#jobs.leases.renew()),
      ...(awaited === null ? [] : [every(clock, RENEW_EVERY, () => awaited.lookForAll())]),
    );
    look();
  }

  /** Begins no further work, waits up to `grace` ms for the results of running calls to be recorded, then gives the claims back. */
  async stop(grace = 3_000): Promise<void> {
    for (const cancel of this.#cancels.splice(0)) cancel();
    await this.#loop.stop();
    await this.#jobs.stop(grace);
    await this.#loader.settled();
  }

  launch(order: Parameters<Operator['launch']>[0]): Promise<LaunchAnswer> {
    return launchJob(this.#options, order, () => this.#time.now());
  }

  async act(job: string, act: Act, by: Actor): Promise<ActAnswer> {
    try {
      return await this.#act(job, { act, by });
    } catch (thrown) {
      if (!isPermanent(thrown)) throw thrown;
      return refused(`${reasonOf(thrown)} Correct that first, then try the job again.`);
    }
  }

  async #act(job: string, order: ActBy): Promise<ActAnswer> {
    const { act } = order;
    if (act.kind === 'ROLL_BACK') {
      const unseen = unseenDrift(act, await this.#driftOf(job, act));
      if (unseen !== null) return unseen;
    }
    const { answer } = await this.#queues.run(job, () => this.#handOver(job, order));
    return (await answer) ?? this.#queues.run(job, () => this.#claimFor(job, order));
  }

  /**
   * Gives the act to the driver of this conductor, or claims the job for it. An act that a driver has does not hold up the next one,
   * but none overtakes an act that waits for a claim (A7).
   */
  async #handOver(job: string, order: ActBy): Promise<{ readonly answer: Promise<ActAnswer | null> }> {
    if (this.#jobs.holds(job)) return { answer: this.#askHeld(job, order) };
    return { answer: Promise.resolve(await this.#claimFor(job, order)) };
  }

  /** The answer of this conductor's driver; null if it drives the job no more, or not yet: then nothing was done. */
  async #askHeld(job: string, order: ActBy): Promise<ActAnswer | null> {
    // A driven job is not dead-lettered, so TRY_AGAIN is refused by its row.
    const answer = order.act.kind === 'TRY_AGAIN' ? null : await this.#jobs.act(job, order);
    return answer?.kind === 'refused' && answer.code === 'CLAIM_TAKEN' ? null : answer;
  }

  /** Like #askHeld, for an act that another conductor sends; a claim that is just being taken is awaited. */
  async #askClaimed(job: string, order: ActBy): Promise<ActAnswer | null> {
    const answer = await this.#askHeld(job, order);
    const { claiming } = this.#loop;
    if (answer !== null || claiming === null) return answer;
    await claiming;
    return this.#askHeld(job, order);
  }

  /** Claims the job for the act; if another conductor holds it, passes the act to that conductor through the board. */
  async #claimFor(job: string, order: ActBy): Promise<ActAnswer> {
    const { board, conductor } = this.#options;
    for (let tries = 1; ; tries += 1) {
      // The act before this one in the queue may have claimed the job.
      const held = await this.#askHeld(job, order);
      if (held !== null) return held;
      const refusal = await this.#refusal(job, order);
      if (refusal !== null) return refusal;
      const askedAt = momentOf(this.#time);
      const taken = await board.claimJob(job, conductor.id, askedAt.now);
      if (taken.kind === 'claimed') return this.#jobs.drive(taken.claim, askedAt, order);
      const isOwn = taken.by === conductor.id;
      if (isOwn) await this.#ownClaim(job);
      // Another conductor holds the job, so it is no longer dead-lettered.
      const relayed = isOwn || order.act.kind === 'TRY_AGAIN' ? null : await board.relay?.ask(job, order, askedAt.now);
      if (relayed != null) return relayed;
      if (tries === MOST_TRIES || (!isOwn && board.relay === undefined)) {
        return { kind: 'refused', code: 'CLAIM_TAKEN', message: `${taken.by} has just claimed this job. Try again.` };
      }
    }
  }

  /** This conductor itself has the claim: it is just taking the job, or giving it back. */
  async #ownClaim(job: string): Promise<void> {
    await this.#loop.claiming;
    if (!this.#jobs.holds(job)) await new Promise<void>((resolve) => this.#options.clock.after(OWN_PAUSE, resolve));
  }

  /** Why the act does not fit the last committed state of the job; such an act claims nothing. */
  async #refusal(job: string, { act, by }: ActBy): Promise<ActAnswer | null> {
    const row = await this.#row(job);
    if (act.kind === 'TRY_AGAIN' && row.attention !== 'dead_lettered') {
      return refused(`Only a job that was given up can be tried again; this one is ${row.state}, and its run is ${row.run}.`);
    }
    const refusal = refusalOf(await this.#loader.view(row), act, by);
    return refusal === null ? null : { kind: 'refused', ...refusal };
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

  async doubts(job: string): Promise<readonly Doubt[]> {
    return doubtsOf(await this.#loader.view(await this.#row(job)));
  }

  value(job: string, at: StoredValue): Promise<Json> {
    return this.#values.load(job, at);
  }

  /** The drift of a plan; no check is called for a plan that is refused anyway. */
  async #driftOf(job: string, { choice, hash }: { readonly choice: RollbackChoice; readonly hash?: string }): Promise<readonly Drift[]> {
    const run = await this.#loader.view(await this.#row(job));
    const plan = planRollback(run, choice);
    if (plan.blocked !== null || (hash !== undefined && hash !== plan.hash)) return [];
    return driftOf({ ...this.#options, values: this.#values }, { job, run, plan });
  }

  async #row(job: string): Promise<JobRow> {
    const row = await this.#options.board.get(job);
    if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    return row;
  }
}

function refused(message: string): ActAnswer {
  return { kind: 'refused', code: 'ACT_REFUSED', message };
}

/** Starts a conductor. */
export function startConductor(options: ConductorOptions): Conductor {
  const conductor = new Conductor(options);
  conductor.start();
  return conductor;
}
