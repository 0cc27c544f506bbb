// The jobs under a conductor's claims: loads their runs, drives them, and gives the claims up.
//
// 1. While the store cannot be read, a run is loaded again with back-off and its claim is kept. Only a job whose loading fails in
//    the same way every time is dead-lettered (dead-letter.ts).
// 2. A commit that the store refuses for its token is repeated when this conductor itself has the later token and
//    no other conductor held the job in between (held-claims.ts).
import type { Actor } from '../actor.ts';
import type { Claim } from '../board/job.ts';
import type { JobBoard } from '../board/job-board.ts';
import { type Clock, type Moment, type Pause, momentOf } from '../clock.ts';
import { withProbeLimit } from '../dispatch/probe-limit.ts';
import type { TaskRunner } from '../dispatch/task-runner.ts';
import { EngineError } from '../errors.ts';
import type { ActBy } from '../events.ts';
import { Lanes } from '../lanes.ts';
import type { JobCommit, LogbookStore } from '../logbook/logbook-store.ts';
import type { StoredValues } from './loading/stored-values.ts';
import type { ActAnswer } from '../operator.ts';
import type { Run } from '../run/state/run.ts';
import { isPermanent } from '../logbook/unreadable.ts';
import { deadLetter, reasonOf } from './dead-letter.ts';
import { HeldClaims, type HeldClaim } from './held-claims.ts';
import type { RunLoader } from './loading/load-run.ts';
import { CallsUnderWay } from './one-call.ts';
import { CHANGED_HANDS, type DriverEnd, RunDriver } from './run-driver.ts';

/** The first wait before a failed request to the store is repeated; it doubles up to the last. */
const FIRST_WAIT = 250;
const LAST_WAIT = 10_000;
/** Number of runs that are loaded at the same time. */
const LOADS = 8;
/** Wait before the claim of a job whose commit failed is given back. */
const AFTER_FAILURE = 1_000;

export interface ClaimedJobsOptions {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly loader: RunLoader;
  readonly values: StoredValues;
  readonly conductor: Actor;
  /** Largest number of jobs driven at once. */
  readonly capacity: number;
  /** Largest number of atoms of all runs that are driven; a larger run is driven with no other. */
  readonly atoms: number;
  /** Largest number of atoms of one run at once. */
  readonly parallel: number;
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
  readonly #claims = new HeldClaims(() => this.#tellIdle());
  readonly #loads = new Lanes(LOADS);
  readonly #idle = new Set<() => void>();
  /** Code that waits to repeat a request to the store. */
  readonly #pauses = new Set<() => void>();
  #stopping = false;
  /** True after a job was given back because its run was too large beside the driven ones. */
  #isFull = false;

  constructor(options: ClaimedJobsOptions) {
    this.#options = options;
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
      return driver instanceof RunDriver ? await driver.start(forAct) : driver;
    } catch (thrown) {
      // The act is answered with the error, and not carried out later.
      if (held.driver === null) void this.#loadAgain(held);
      throw thrown;
    }
  }

  /** Renews the leases; a claim that is no longer ours ends. `settled` waits for our own pending claims. */
  async renew(settled: () => Promise<unknown> = this.#options.claiming): Promise<void> {
    const { board, clock, conductor, onTrouble } = this.#options;
    const asked = [...this.#claims].filter((held) => this.#claims.of(held.claim.job) === held).map((held) => ({ held, claim: held.claim }));
    if (asked.length === 0) return;
    const askedAt = momentOf(clock);
    try {
      const claims = asked.map(({ claim }) => claim);
      const lost = new Set(await board.renew(conductor.id, claims, askedAt.now));
      if (lost.size > 0) await settled();
      for (const { held, claim } of asked) {
        if (!lost.has(claim.job)) held.renewed(askedAt);
        else if (held.claim === claim) held.lost();
      }
    } catch (thrown) {
      onTrouble('', thrown);
    }
  }

  /** After a sleep or a jump of the clock, our own leases look ended like those of dead conductors, so they are renewed first. */
  async renewEnded(): Promise<void> {
    const now = momentOf(this.#options.clock);
    if ([...this.#claims].some((held) => !held.isOver && !held.isLeasedAt(now))) await this.renew(async () => undefined);
  }

  /** Begins no further work, waits up to `grace` ms for the results of running calls to be recorded, then gives the claims back. */
  async stop(grace: number): Promise<void> {
    this.#stopping = true;
    for (const goOn of [...this.#pauses]) goOn();
    await Promise.all([...this.#claims].map(({ loading }) => loading));
    for (const { driver } of this.#claims) driver?.drain();
    await this.#untilIdle(grace);
    for (const { driver } of this.#claims) driver?.stop('stopped');
    await this.#untilIdle(grace);
  }

  /** One attempt to load a run. Answers with the refusal when the job was dead-lettered; rejects when the store failed. */
  async #load(held: HeldClaim, forAct?: ActBy): Promise<RunDriver | ActAnswer> {
    const { board, loader, values, clock, conductor, parallel, isDead, pause } = this.#options;
    const { claim } = held;
    try {
      const job = { id: claim.job, flow: claim.flow, version: claim.version, target: claim.target };
      const run = await this.#loads.run(async () => {
        // SQLite answers at once: after a restart hundreds of runs would be loaded in one turn of the event loop.
        await pause();
        return loader.take(job);
      });
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
        logbook: this.#logbookOf(held, run),
        values,
        runner: this.#calls.runnerFor(held),
        clock,
        conductor,
        parallel,
        isDead,
        hasJob: async (job) => (await board.get(job)) !== undefined,
        holds: () => this.#isHeld(held),
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
      await this.#giveUp(held, thrown);
      return { kind: 'refused', code: 'ACT_REFUSED', message: `This job needs attention now: ${reasonOf(thrown)}` };
    }
  }

  #hasRoomFor({ atoms }: Run): boolean {
    const driven = [...this.#claims].reduce((sum, { driver }) => sum + (driver?.atoms ?? 0), 0);
    return driven === 0 || driven + atoms.length <= this.#options.atoms;
  }

  async #loadAgain(held: HeldClaim): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const goesOn = await this.#pause(waitAfter(tries));
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
        if (driver instanceof RunDriver) await driver.start();
        return;
      } catch {
        // The failure was reported; the run is loaded again, unless its driver has reported its own end.
        if (held.driver !== null) return;
      }
    }
  }

  /** The job cannot be carried out as it is: dead-letters it, and repeats that until the store accepts it. */
  async #giveUp(held: HeldClaim, cause: unknown): Promise<void> {
    const { board, clock, conductor: actor, onTrouble } = this.#options;
    onTrouble(held.claim.job, cause);
    const logbook = this.#logbookOf(held, null);
    for (let tries = 0; ; tries += 1) {
      try {
        await deadLetter({ board, logbook }, { claim: held.claim, cause, actor, now: clock.now() });
        break;
      } catch (thrown) {
        if (tries === 0) onTrouble(held.claim.job, thrown);
        if (!(await this.#pause(waitAfter(tries))) || held.isOver) break;
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
        void this.#giveUp(held, new Error(`The engine failed while deciding: ${reasonOf(cause)}`, { cause }));
        break;
      case 'store-failed':
        onTrouble(claim.job, cause);
        clock.after(AFTER_FAILURE, () => this.#giveBack(claim, 0));
        break;
    }
    if (wasFull) lookForJobs();
  }

  /** A job has come to rest whose launching job is under our claim. */
  #tellParent(job: string, parent: string): void {
    const held = this.#claims.of(parent);
    void held?.loading.then(() => held.driver?.jobEnded(job));
  }

  /** Gives a claim back, repeated with back-off: otherwise other conductors would have to wait for the end of the lease. */
  #giveBack(claim: Claim, tries: number): void {
    const { board, clock, onTrouble, lookForJobs } = this.#options;
    const again = (thrown: unknown) => {
      if (tries === 0) onTrouble(claim.job, thrown);
      if (!this.#stopping) clock.after(waitAfter(tries), () => this.#giveBack(claim, tries + 1));
    };
    void board.abandon(claim, clock.now()).then(lookForJobs, again);
  }

  /** Is the claim still ours: by our clock, or else by the board, because a claim whose lease has ended need not have been taken. */
  #isHeld(held: HeldClaim): true | Promise<boolean> {
    const isOurs = () => held.isLeasedAt(momentOf(this.#options.clock));
    return isOurs() || this.renew().then(isOurs);
  }

  /** The logbook for the driver of that claim. A job that comes to rest wakes the job that launched it (P9). */
  #logbookOf(held: HeldClaim, run: Run | null): LogbookStore {
    const { logbook, claiming, clock } = this.#options;
    const { job, parent } = held.claim;
    const commit = async (wanted: JobCommit): Promise<'committed' | 'claim-lost'> => {
      const waking = parent === null || !isAtRest(wanted) ? wanted : { ...wanted, wakes: { job: parent, at: clock.now() } };
      for (;;) {
        const { token } = held.claim;
        const outcome = await logbook.commit(token === waking.token ? waking : signedBy(token, waking));
        if (outcome === 'committed') {
          // The claim's entry was folded with its first token, and is stored with the later one.
          if (run !== null && wanted.entries.some((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED')) run.token = token;
          if (waking.wakes !== undefined) this.#tellParent(job, waking.wakes.job);
          return outcome;
        }
        await claiming();
        if (held.claim.token === token) return outcome;
      }
    };
    return {
      commit,
      read: (job, range) => logbook.read(job, range),
      readBack: (job, range) => logbook.readBack(job, range),
      follow: (job, listener) => logbook.follow(job, listener),
    };
  }

  /** False when the conductor stops. */
  #pause(ms: number): Promise<boolean> {
    if (this.#stopping) return Promise.resolve(false);
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const goOn = () => {
        cancelTimer();
        this.#pauses.delete(goOn);
        resolve(!this.#stopping);
      };
      const cancelTimer = clock.after(ms, goOn);
      this.#pauses.add(goOn);
    });
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

function waitAfter(tries: number): number {
  return Math.min(LAST_WAIT, FIRST_WAIT * 2 ** tries);
}

/** Has the job ended, or does it go on only after a person has acted? */
function isAtRest({ change }: JobCommit): boolean {
  return change?.state === 'COMPLETE' || (change?.state === 'WAITING' && change.attention !== null);
}

function signedBy(token: number, commit: JobCommit): JobCommit {
  return { ...commit, token, entries: commit.entries.map((entry) => ({ ...entry, token })) };
}

/** The answer for a claim that was not taken for an act. */
const GOES_ON: ActAnswer = { kind: 'done', number: 0 };
const FULL: ActAnswer = {
  kind: 'refused',
  code: 'CLAIM_TAKEN',
  message: 'This server drives as many tasks as it can and has given the job back. Nothing was done. Try again.',
};
