// The jobs under a conductor's claims: loads their runs, drives them, and releases the claims.
//
// 1. While the store cannot be read, a run is loaded again with back-off and its claim is kept. Only a job whose loading fails in
//    the same way every time is dead-lettered (dead-letter.ts).
// 2. A commit that the store refuses for its token is repeated when this conductor itself has the later token and
//    no other conductor held the job in between (held-claims.ts).
import type { Actor } from '../../actor.ts';
import type { Claim } from '../../board/job.ts';
import type { JobBoard } from '../../board/job-board.ts';
import type { Clock, Moment, Pause } from '../../clock.ts';
import { withProbeLimit } from '../../dispatch/probe-limit.ts';
import type { TaskRunner } from '../../dispatch/task-runner.ts';
import { EngineError } from '../../errors.ts';
import type { ActBy } from '../../events.ts';
import { Semaphore } from '../../semaphore.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import { CallBudget } from '../driving/call-budget.ts';
import type { ConductorTime } from '../steady-time.ts';
import type { ValueLoader } from '../loading/value-loader.ts';
import type { ActAnswer } from '../../operator.ts';
import { type RestingJob, awaitedJobs } from '../../run/state/awaited-jobs.ts';
import type { Run } from '../../run/state/run.ts';
import { isPermanent } from '../../logbook/unreadable.ts';
import { AwaitedJobs } from './awaited-jobs.ts';
import { ClaimLeases } from './claim-leases.ts';
import { logbookOf } from './claim-logbook.ts';
import { deadLetter, reasonOf } from '../dead-letter.ts';
import { HeldClaims, type HeldClaim } from './held-claims.ts';
import { LoopTurns } from '../driving/loop-turns.ts';
import type { LoadedJob, RunLoader } from '../loading/load-run.ts';
import { CallsUnderWay } from '../driving/calls-under-way.ts';
import { CHANGED_HANDS, type DriverEnd, RunDriver } from '../driving/run-driver.ts';
import { StoreBackOff } from './store-back-off.ts';

/** Number of runs that are loaded at the same time. */
const LOADS = 8;
/** Time after which the loop turns between loads. */
const LOADING_MS = 10;
/** Wait before the claim of a job whose commit failed is given back. */
const AFTER_FAILURE = 1_000;

export interface ClaimedJobsOptions {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly time: ConductorTime;
  readonly pause: Pause;
  readonly loader: RunLoader;
  readonly values: ValueLoader;
  readonly conductor: Actor;
  /** Largest number of jobs driven at once. */
  readonly capacity: number;
  /** Largest number of atoms of all runs that are driven; a larger run is driven with no other. */
  readonly atoms: number;
  /** Largest number of atoms of one run at once. */
  readonly parallel: number;
  /** Largest number of characters of large values that the calls of all runs hold. */
  readonly largeCalls: number;
  readonly isDead: (conductor: string) => boolean;
  readonly onTrouble: (job: string, cause: unknown) => void;
  /** Called when another job can be claimed, or a job was given back. */
  readonly lookForJobs: () => void;
  /** Resolves when the pending requests for claims have been answered. */
  readonly claiming: () => Promise<unknown>;
}

export class ClaimedJobs {
  readonly #options: ClaimedJobsOptions;
  readonly #calls: CallsUnderWay;
  readonly #budget: CallBudget;
  readonly #loopTurns: LoopTurns;
  readonly #claims = new HeldClaims(() => this.#tellIdle());
  readonly leases: ClaimLeases;
  /** Null where no other server drives jobs of the board: there a job that comes to rest tells the waiting driver itself. */
  readonly awaited: AwaitedJobs | null;
  readonly #loads = new Semaphore(LOADS);
  /** When the loop turned last between two loads. */
  #pausedAt = -Infinity;
  readonly #idle = new Set<() => void>();
  readonly #backOff: StoreBackOff;
  /** True after a job was given back because its run was too large beside the driven ones. */
  #isFull = false;

  constructor(options: ClaimedJobsOptions) {
    this.#options = options;
    this.leases = new ClaimLeases(this.#claims, options);
    this.awaited = options.board.relay === undefined ? null : new AwaitedJobs(this.#claims, options);
    this.#backOff = new StoreBackOff(options.clock);
    this.#budget = new CallBudget(options.largeCalls);
    this.#loopTurns = new LoopTurns(options.pause);
    this.#calls = new CallsUnderWay(withProbeLimit(options.runner, options.clock));
  }

  /** Number of further jobs that may be claimed. */
  get room(): number {
    return this.#isFull ? 0 : this.#options.capacity - this.#claims.size;
  }

  /** Is the job under a claim of this conductor? */
  holds(job: string): boolean {
    return this.#claims.of(job) !== undefined;
  }

  /** Carries out an act on a job under our claim; null when it is not under our claim. Rejects while the store cannot be read. */
  async act(job: string, order: ActBy): Promise<ActAnswer | null> {
    const held = this.#claims.of(job);
    if (held === undefined) return null;
    await held.loading;
    if (held.driver !== null) return held.driver.act(order);
    if (held.trouble !== null) throw held.trouble;
    return null;
  }

  /** Drives the job of a claim requested at `askedAt`; answers the act that it was claimed for. Rejects when the store fails. */
  async drive(claim: Claim, askedAt: Moment, forAct?: ActBy): Promise<ActAnswer> {
    const before = this.#claims.of(claim.job);
    if (before?.isFollowedBy(claim)) {
      before.goOnUnder(claim, askedAt);
      return forAct === undefined ? GOES_ON : ((await this.act(claim.job, forAct)) ?? CHANGED_HANDS);
    }
    if (claim.from === 'CLAIMED') before?.lost();
    const held = this.#claims.add(claim, askedAt);
    const loaded = this.#load(held, forAct);
    held.loading = loaded.then(
      () => undefined,
      () => undefined,
    );
    try {
      const driver = await loaded;
      return driver instanceof RunDriver ? await this.#start(driver, claim.job, forAct) : driver;
    } catch (thrown) {
      // The act is answered with the error, and not carried out later.
      if (held.driver === null) void this.#loadAgain(held);
      throw thrown;
    }
  }

  /** Begins no further work, waits up to `grace` ms for the results of running calls to be recorded, then gives the claims back. */
  async stop(grace: number): Promise<void> {
    this.#backOff.stop();
    await Promise.all([...this.#claims].map(({ loading }) => loading));
    for (const { driver } of this.#claims) driver?.drain();
    await this.#untilIdle(grace);
    for (const { driver } of this.#claims) driver?.stop('stopped');
    await this.#untilIdle(grace);
  }

  /** Another server may have ended an awaited job while the run was being loaded. */
  #start(driver: RunDriver, job: string, forAct?: ActBy): Promise<ActAnswer> {
    const answer = driver.start(forAct);
    void this.awaited?.look(job);
    return answer;
  }

  /** One attempt to load a run. Answers with the refusal when the job was dead-lettered; rejects when the store failed. */
  async #load(held: HeldClaim, forAct?: ActBy): Promise<RunDriver | ActAnswer> {
    const { board, loader, values, clock, conductor, parallel, isDead } = this.#options;
    const { claim } = held;
    try {
      const run = await this.#loadInTurn({ ...claim, id: claim.job });
      const awaited = awaitedJobs(run);
      const atRest = awaited.length === 0 ? [] : await board.atRest(awaited);
      if (held.isOver) {
        this.#claims.forget(held);
        return CHANGED_HANDS;
      }
      // A person's act is carried out even above the limit of atoms.
      if (forAct === undefined && !this.#hasRoomFor(run)) {
        this.#isFull = true;
        loader.giveBack(claim.job, run);
        this.#claims.forget(held);
        this.#giveBack(held.claim, 0);
        return FULL;
      }
      held.trouble = null;
      held.driver = new RunDriver({
        claim: held.claim,
        run,
        atRest,
        logbook: this.#logbookOf(held, run),
        values,
        runner: this.#calls.runnerFor(held),
        clock,
        loopTurns: this.#loopTurns,
        boardTime: this.#options.time,
        time: this.#options.time.ofRun(run.lastTime),
        conductor,
        parallel,
        budget: this.#budget,
        isDead,
        hasJob: async (job) => (await board.get(job)) !== undefined,
        holds: () => this.leases.isHeld(held),
        onTrouble: (cause) => this.#options.onTrouble(claim.job, cause),
        onWaits: () => void this.awaited?.lookAfterWait(claim.job),
        onCommitted: (last) => loader.committed(claim.job, run, last),
        onEnd: (end, cause) => {
          if (end === 'released') loader.giveBack(claim.job, run);
          this.#ended(held, end, cause);
        },
      });
      return held.driver;
    } catch (thrown) {
      if (!isPermanent(thrown)) {
        if (held.trouble === null) this.#options.onTrouble(claim.job, thrown);
        held.trouble = thrown;
        throw thrown;
      }
      await this.#makeDeadLetter(held, thrown);
      return { kind: 'refused', code: 'ACT_REFUSED', message: `This job needs attention now: ${reasonOf(thrown)}` };
    }
  }

  /**
   * SQLite answers at once: after a restart hundreds of runs would be loaded in one turn of the event loop. Runs that are loaded in the
   * same turn also end together, and need a third of the requests for claims.
   */
  #loadInTurn(job: LoadedJob): Promise<Run> {
    const { loader, pause, clock } = this.#options;
    return this.#loads.run(async () => {
      if (clock.elapsed() - this.#pausedAt >= LOADING_MS) {
        await pause();
        this.#pausedAt = clock.elapsed();
      }
      return loader.take(job);
    });
  }

  #hasRoomFor({ atoms }: Run): boolean {
    let driven = 0;
    for (const { driver } of this.#claims) driven += driver?.atoms ?? 0;
    return driven === 0 || driven + atoms.length <= this.#options.atoms;
  }

  async #loadAgain(held: HeldClaim): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const goesOn = await this.#backOff.pause(tries);
      if (!goesOn || held.isOver) {
        this.#claims.forget(held);
        if (!goesOn) this.#giveBack(held.claim, 0);
        return;
      }
      const loaded = this.#load(held);
      held.loading = loaded.then(
        () => undefined,
        () => undefined,
      );
      try {
        const driver = await loaded;
        if (driver instanceof RunDriver) await this.#start(driver, held.claim.job);
        return;
      } catch {
        // The failure was reported; the run is loaded again, unless its driver has reported its own end.
        if (held.driver !== null) return;
      }
    }
  }

  /** The job cannot be carried out as it is: dead-letters it, and repeats that until the store accepts it. */
  async #makeDeadLetter(held: HeldClaim, cause: unknown): Promise<void> {
    const { board, time, conductor: actor, onTrouble } = this.#options;
    onTrouble(held.claim.job, cause);
    const logbook = this.#logbookOf(held, null);
    for (let tries = 0; ; tries += 1) {
      try {
        await deadLetter({ board, logbook }, { claim: held.claim, cause, actor, now: time.now() });
        break;
      } catch (thrown) {
        if (tries === 0) onTrouble(held.claim.job, thrown);
        if (!(await this.#backOff.pause(tries)) || held.isOver) break;
      }
    }
    this.#claims.forget(held);
  }

  #ended(held: HeldClaim, end: DriverEnd, cause: unknown): void {
    const { onTrouble, lookForJobs, clock } = this.#options;
    const { claim } = held;
    const wasFull = this.#isFull;
    this.#isFull = false;
    // The claim of a dead-lettered job is held until the store has accepted that.
    if (end !== 'broken') this.#claims.forget(held);
    switch (end) {
      case 'released':
        if (this.room === 1) lookForJobs();
        break;
      case 'claim-lost':
        onTrouble(
          claim.job,
          new EngineError(
            'CLAIM_LOST',
            `The claim on ${claim.job} was lost, or its lease ended before it could be renewed; the next conductor goes on with the job.`,
          ),
        );
        break;
      case 'stopped':
        this.#giveBack(claim, 0);
        break;
      case 'broken':
        void this.#makeDeadLetter(held, new Error(`The engine failed while deciding: ${reasonOf(cause)}`, { cause }));
        break;
      case 'store-failed':
        onTrouble(claim.job, cause);
        clock.after(AFTER_FAILURE, () => this.#giveBack(claim, 0));
        break;
    }
    if (wasFull) lookForJobs();
  }

  /** A job has come to rest for which a job waits that may be under our claim. */
  #tellWaiting(job: RestingJob, waiting: string): void {
    const held = this.#claims.of(waiting);
    void held?.loading.then(() => held.driver?.jobAtRest(job));
  }

  /** Gives a claim back, repeated with back-off: otherwise other conductors would have to wait for the end of the lease. */
  #giveBack(claim: Claim, tries: number): void {
    const { board, onTrouble, lookForJobs } = this.#options;
    const again = (thrown: unknown) => {
      if (tries === 0) onTrouble(claim.job, thrown);
      this.#backOff.repeat(tries, () => this.#giveBack(claim, tries + 1));
    };
    void board.abandon(claim, this.#options.time.now()).then(lookForJobs, again);
  }

  /** The logbook for the driver of that claim. */
  #logbookOf(held: HeldClaim, run: Run | null): LogbookStore {
    return logbookOf(held, run, { ...this.#options, onWoken: (job, waiting) => this.#tellWaiting(job, waiting) });
  }

  #tellIdle(): void {
    for (const resolve of this.#idle) resolve();
  }

  async #untilIdle(grace: number): Promise<void> {
    if (this.#claims.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancelTimer = this.#options.clock.after(grace, resolve);
      this.#idle.add(() => {
        cancelTimer();
        resolve();
      });
    });
  }
}

/** The answer for a claim that was not taken for an act. */
const GOES_ON: ActAnswer = { kind: 'done', number: 0 };
const FULL: ActAnswer = {
  kind: 'refused',
  code: 'CLAIM_TAKEN',
  message: 'This server drives as many tasks as it can and has given the job back. Nothing was done. Try again.',
};
