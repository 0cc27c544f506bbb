// Drives the run of one claimed job: decide, commit, then act. Events that arrive while a commit is under way are
// decided together in the next turn, so a wide flow costs few commits.
//
// 1. No command is carried out and no person is answered before the entries of the decision are durable (A2).
// 2. One turn at a time: decide never runs twice at once for a job.   3. A driver that lost its claim stops
// at once: it aborts its tasks, writes nothing and answers no person (J3).   4. The loop turns after every few hundred calls.
import type { Actor } from '../../actor.ts';
import type { Clock } from '../../clock.ts';
import type { ActBy, Command } from '../../events.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { JobChange, JobCommit, LogbookStore } from '../../logbook/logbook-store.ts';
import type { ActAnswer } from '../../operator.ts';
import { resourceChanges } from '../../resources/resource-changes.ts';
import { decide } from '../../run/decide.ts';
import { hasReachedLimit } from '../../run/decide/limits.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';
import { type RestingJob, awaitedJobs } from '../../run/state/awaited-jobs.ts';
import type { Run } from '../../run/state/run.ts';
import { isPermanent } from '../../logbook/unreadable.ts';
import { isSameChange, jobChangeOf } from '../job-change.ts';
import type { UnsignedEvent } from './call-event.ts';
import type { CallBudget } from './call-budget.ts';
import type { LoadedValue } from '../loading/value-loader.ts';
import { DriverCalls, type DriverCallsOptions } from './driver-calls.ts';
import type { LoopTurns } from './loop-turns.ts';
import { type SteadyTime, atTime } from '../steady-time.ts';

/** Why a driver stopped: it released the claim, the claim was lost, it was told to stop, the store failed, or deciding threw. */
export type DriverEnd = 'released' | 'claim-lost' | 'stopped' | 'store-failed' | 'broken';

export interface DriverOptions extends DriverCallsOptions {
  readonly run: Run;
  /** Jobs that the run waits for and that were at rest when the run was loaded. */
  readonly atRest: readonly RestingJob[];
  readonly logbook: LogbookStore;
  readonly clock: Clock;
  readonly loopTurns: LoopTurns;
  /** The time that the board is given. */
  readonly boardTime: Pick<Clock, 'now'>;
  /** The time of the run: it has begun at the last entry or after it. */
  readonly time: SteadyTime;
  readonly conductor: Actor;
  readonly parallel: number;
  readonly budget: CallBudget;
  /** Is the process of that conductor known to be dead? */
  readonly isDead: (conductor: string) => boolean;
  /** Called when the run's last entry is durable, after the commands of its turn were carried out. */
  readonly onCommitted: (last: Entry) => void;
  /** Called after a wait for a job is durable, while the run goes on beside it. */
  readonly onWaits: () => void;
  /** Called with an exception that came after the end. */
  readonly onTrouble: (cause: unknown) => void;
  /** Called once, after the last commit. */
  readonly onEnd: (end: DriverEnd, cause?: unknown) => void;
}

/** A larger change between the clock and the run's time means that the clock was set. */
const CLOCK_WAS_SET_MS = 1_000;

interface Incoming {
  readonly event: UnsignedEvent;
  /** Set when a caller waits for the answer to an act. */
  readonly settle?: { readonly answer: (answer: ActAnswer) => void; readonly fail: (cause: unknown) => void };
}

export class RunDriver {
  readonly #options: DriverOptions;
  readonly #incoming: Incoming[] = [];
  readonly #calls: DriverCalls;
  /** The only timer of the run: for the next due time. */
  #cancelTimer = () => {};
  /** Jobs that came to rest during this claim, for waits that are recorded later, with whether they have ended. */
  readonly #atRest = new Map<string, boolean>();
  #turning = false;
  #draining = false;
  #end: DriverEnd | null = null;
  #published: JobChange | null = null;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#calls = new DriverCalls(options, {
      hasEnded: () => this.#end !== null,
      claimLost: () => this.stop('claim-lost'),
      loadFailed: (thrown) => this.#stopAt(thrown),
      broken: (thrown) => this.stop('broken', thrown),
      ended: (event) => this.#push({ event }),
    });
  }

  /** Number of atoms of the run, which may grow. */
  get atoms(): number {
    return this.#options.run.atoms.length;
  }

  /** Jobs that atoms of the run wait for. */
  awaited(): readonly string[] {
    return awaitedJobs(this.#options.run);
  }

  /** Begins with the event of the claim, and with the act that the job was claimed for. */
  start(forAct?: ActBy): Promise<ActAnswer> {
    const { claim, run, isDead, atRest } = this.#options;
    const former = run.holder !== null && isDead(run.holder) ? ({ isFormerDead: true } as const) : {};
    return this.#ask({
      kind: 'CLAIMED',
      from: claim.from,
      ...former,
      ...(claim.isDue === undefined ? {} : { isDue: claim.isDue }),
      atRest,
      ...(forAct ? { act: forAct } : {}),
    });
  }

  /** Carries out an act of a person; resolves when its entry is durable, or when it is refused. Rejects when the store failed. */
  act(act: ActBy): Promise<ActAnswer> {
    return this.#ask({ kind: 'ACT', ...act });
  }

  /** Called when a job that this one waits for has come to rest, possibly before the wait was recorded. */
  jobAtRest({ job, hasEnded }: RestingJob): void {
    this.#atRest.set(job, hasEnded);
    this.#push({ event: { kind: 'JOB_AT_REST', job, hasEnded } });
  }

  /** The board says that the claim is no longer ours. A driver that is releasing it learns the outcome from its commit. */
  claimLost(): void {
    if (this.#options.run.job === 'CLAIMED') this.stop('claim-lost');
  }

  /** Other runs need less for their large values, so further calls may begin. */
  hasRoomAgain(): void {
    this.#push({ event: { kind: 'DUE' } });
  }

  /** Begins no further calls; ends when the results of running calls are recorded. */
  drain(): void {
    this.#draining = true;
    if (!this.#turning) this.#endIfDrained();
  }

  /** Stops without writing: aborts running calls, and leaves them to the next conductor. */
  stop(end: DriverEnd = 'stopped', cause?: unknown): void {
    if (this.#end !== null) {
      if (cause !== undefined) this.#options.onTrouble(cause);
      return;
    }
    this.#end = end;
    this.#cancelTimer();
    this.#calls.abortAll();
    this.#options.budget.hold(this, 0);
    for (const { settle } of this.#incoming.splice(0)) settle?.answer(CHANGED_HANDS);
    this.#options.onEnd(end, cause);
  }

  #ask(event: Incoming['event']): Promise<ActAnswer> {
    return new Promise((answer, fail) => this.#push({ event, settle: { answer, fail } }));
  }

  #push(incoming: Incoming): void {
    if (this.#end !== null) {
      incoming.settle?.answer(CHANGED_HANDS);
      return;
    }
    this.#incoming.push(incoming);
    if (!this.#turning) void this.#turn();
  }

  async #turn(): Promise<void> {
    this.#turning = true;
    try {
      while (this.#incoming.length > 0 && this.#end === null) await this.#once();
      this.#turning = false;
      this.#endIfDrained();
    } catch (thrown) {
      // After the commit: without an end the run would stand still, and its claim would be renewed for ever.
      this.stop('broken', thrown);
    }
  }

  async #once(): Promise<void> {
    const { run } = this.#options;
    const turn = this.#decide();
    if (turn === null) return;
    let isCommitted = false;
    try {
      const outcome = turn.entries.length === 0 ? 'committed' : await this.#commit(turn.entries);
      isCommitted = outcome === 'committed';
      for (const { answer, settle } of turn.answers) settle.answer(isCommitted ? answer : CHANGED_HANDS);
      if (!isCommitted) this.stop('claim-lost');
    } catch (thrown) {
      // A refusal, too, may depend on an act of the same turn that was not written.
      for (const { settle } of turn.answers) settle.fail(thrown);
      this.stop('store-failed', thrown);
    }
    await this.#carryOut(turn.commands);
    if (turn.wanted.length > 0) this.#loadWanted(turn.wanted);
    this.#lookAgain(turn.entries);
    const last = turn.entries.at(-1);
    if (last !== undefined && isCommitted) this.#options.onCommitted(last);
    if (run.job !== 'CLAIMED') this.stop('released');
    // The due atom may need values that must be loaded; it is served after that.
    else this.#wakeAt(turn.wanted.length > 0 ? null : turn.wakeAt);
  }

  async #carryOut(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      if (this.#end !== null) return;
      this.#calls.carryOut(command);
      const turnOfLoop = this.#options.loopTurns.afterCall();
      if (turnOfLoop !== null) await turnOfLoop;
    }
  }

  /** A value could not be loaded. The failure is permanent if the logbook does not have the value. */
  #stopAt(thrown: unknown): void {
    this.stop(isPermanent(thrown) ? 'broken' : 'store-failed', thrown);
  }

  /** Loads values for the next turn, which goes on where this one had to stop. */
  #loadWanted(wanted: readonly StoredValue[]): void {
    const { claim, run, values } = this.#options;
    const use = (loaded: readonly LoadedValue[]) => {
      for (const { at, value } of loaded) run.large.load(at, value);
      this.#push({ event: { kind: 'DUE' } });
    };
    values.together(claim.job, wanted, use).catch((thrown: unknown) => this.#stopAt(thrown));
  }

  /** Decides on everything that has arrived; null when deciding threw, which ends the driver with nothing written. */
  #decide(): Decided | null {
    const { run, claim, clock, time, conductor, parallel, budget } = this.#options;
    const decided: Decided = { entries: [], commands: [], answers: [], wanted: [], wakeAt: null };
    const arrived = this.#incoming.splice(0);
    const foldedSize = run.large.foldedSize;
    // Read once for all that has arrived: reading for each event took 1.5 µs of a step.
    let now = time.now();
    const wallTime = clock.now();
    for (let index = 0; index < arrived.length; index += 1) {
      const { event, settle } = arrived[index] as Incoming;
      const isFull = hasReachedLimit({ entries: decided.entries.length, foldedSize: run.large.foldedSize - foldedSize });
      if (isFull || (run.job !== 'CLAIMED' && event.kind !== 'CLAIMED')) {
        // The event is for the next turn; or the job is being released, and later events are for the next claim.
        this.#incoming.unshift(...arrived.slice(index));
        break;
      }
      try {
        const signed = Object.assign(event, { time: now, wallTime, jumps: time.jumps, token: claim.token, actor: conductor });
        const decision = decide(run, signed, { parallel: this.#draining ? 0 : parallel, largeRoom: budget.roomFor(this) });
        time.reach(run.lastTime);
        now = Math.max(now, run.lastTime);
        decided.entries.push(...decision.entries);
        decided.commands.push(...decision.commands);
        decided.wakeAt = decision.wakeAt;
        decided.wanted = decision.wanted;
        if (settle) decided.answers.push({ settle, answer: decision.answer ?? { kind: 'done', number: run.number } });
      } catch (thrown) {
        for (const { settle: waiting } of arrived.slice(index)) waiting?.answer(BROKEN);
        for (const { settle: waiting } of decided.answers) waiting.answer(BROKEN);
        this.stop('broken', thrown);
        return null;
      }
    }
    budget.hold(this, run.busySize);
    return decided;
  }

  /** The job that an atom began to wait for in this turn may already have come to rest: then the atom is called again at once. */
  #lookAgain(entries: readonly Entry[]): void {
    const { run, onWaits } = this.#options;
    if (run.waiting + run.sleeping === 0) return;
    let hasBegun = false;
    for (const entry of entries) {
      const waiting = entry.kind === 'ATOM' ? entry.data?.waiting : undefined;
      if (waiting?.on !== 'job') continue;
      const hasEnded = this.#atRest.get(waiting.job);
      // A job that needed a person may have ended since.
      if (hasEnded !== true) hasBegun = true;
      if (hasEnded !== undefined) {
        this.#atRest.delete(waiting.job);
        this.#push({ event: { kind: 'JOB_AT_REST', job: waiting.job, hasEnded } });
      }
    }
    if (hasBegun && run.job === 'CLAIMED') onWaits();
  }

  /** Sets the timer for the next turn, which also comes when the clock was set: a time that a person gave may be due then. */
  #wakeAt(at: number | null): void {
    if (this.#end !== null) return;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    if (at === null) return;
    const { clock, time } = this.#options;
    const now = () => time.now();
    const ahead = now() - clock.now();
    const isDue = () => now() >= at || Math.abs(now() - clock.now() - ahead) > CLOCK_WAS_SET_MS;
    this.#cancelTimer = atTime(clock, { time: at, now, isDue }, () => this.#push({ event: { kind: 'DUE' } }));
  }

  #commit(entries: readonly Entry[]): Promise<'committed' | 'claim-lost'> {
    const { claim, logbook, run } = this.#options;
    const change = this.#change();
    const resources = resourceChanges(run, entries);
    return logbook.commit({
      job: claim.job,
      token: claim.token,
      entries,
      ...(change ? this.#byClock(change) : {}),
      ...(resources.length > 0 ? { resources } : {}),
    });
  }

  /** The run's time may be ahead of the clock: a parked job waits as long as the run says, counted from now. */
  #byClock(change: JobChange): Pick<JobCommit, 'change' | 'at'> {
    if (change.wakeAt === null) return { change };
    const at = this.#options.boardTime.now();
    return { change: { ...change, wakeAt: at + change.wakeAt - this.#options.run.lastTime }, at };
  }

  #endIfDrained(): void {
    if (this.#draining && this.#calls.size === 0) this.stop('stopped');
  }

  /** The job's row, if a column has changed since the last commit. */
  #change(): JobChange | null {
    const change = jobChangeOf(this.#options.run);
    if (this.#published !== null && isSameChange(change, this.#published)) return null;
    this.#published = change;
    return change;
  }
}

/** The result of one turn before its commit. */
interface Decided {
  readonly entries: Entry[];
  readonly commands: Command[];
  readonly answers: { readonly settle: NonNullable<Incoming['settle']>; readonly answer: ActAnswer }[];
  /** Values that the next turn reads. */
  wanted: readonly StoredValue[];
  wakeAt: number | null;
}

/** For an act on a job whose claim is another conductor's by now. */
export const CHANGED_HANDS: ActAnswer = {
  kind: 'refused',
  code: 'CLAIM_TAKEN',
  message: 'Another conductor has just claimed the job and nothing was done. Try again.',
};

const BROKEN: ActAnswer = {
  kind: 'refused',
  code: 'ACT_REFUSED',
  message: 'The engine failed while deciding, so nothing was done. The job needs attention. See the log of the server.',
};
