// The calls of tasks for one claimed job.
//
// 1. A call begins only while the claim is held: the token protects the logbook (J3), but not the outside world.
// 2. At most one call of an atom counts. The answer of a forgotten call is dropped.
import type { Claim } from '../../board/job.ts';
import { type CallOrder, isWhole, wholeCall } from '../../dispatch/call-order.ts';
import { CallStop } from '../../dispatch/call-stop.ts';
import type { TaskCall, TaskOutcome, TaskRunner } from '../../dispatch/task-runner.ts';
import type { Command } from '../../events.ts';
import { failureFrom } from '../../failure/failure.ts';
import { withAwaitedJob } from './awaited-job.ts';
import { type UnsignedEvent, eventOf } from './call-event.ts';
import type { ValueLoader } from '../loading/value-loader.ts';

export interface DriverCallsOptions {
  readonly claim: Claim;
  /** Loads values that the run refers to. */
  readonly values: ValueLoader;
  readonly runner: TaskRunner;
  /** Does the board have that job? Throws what the store throws. */
  readonly hasJob: (job: string) => Promise<boolean>;
  /** Is the claim still ours? `true` at once, or the answer of the board. */
  readonly holds: () => true | Promise<boolean>;
}

/** The driver whose calls these are. */
interface CallingDriver {
  readonly hasEnded: () => boolean;
  /** Called when a call may not begin because the claim is lost. */
  readonly claimLost: () => void;
  /** Called when the values of a call cannot be loaded. */
  readonly loadFailed: (thrown: unknown) => void;
  /** Called when the engine itself throws. */
  readonly broken: (thrown: unknown) => void;
  /** Called with the outcome of each call that counts. */
  readonly ended: (event: UnsignedEvent) => void;
}

export class DriverCalls {
  readonly #options: DriverCallsOptions;
  readonly #driver: CallingDriver;
  /** The call of each atom whose answer counts. */
  readonly #calls = new Map<string, CallStop>();

  constructor(options: DriverCallsOptions, driver: CallingDriver) {
    this.#options = options;
    this.#driver = driver;
  }

  /** Number of calls whose answers are awaited. */
  get size(): number {
    return this.#calls.size;
  }

  abortAll(): void {
    for (const call of this.#calls.values()) call.abort();
  }

  carryOut(command: Command): void {
    switch (command.kind) {
      case 'CALL':
        this.#call(command).catch(this.#driver.broken);
        return;
      case 'ABORT':
        this.#calls.get(command.atom)?.abort();
        return;
      case 'FORGET':
        this.#calls.get(command.atom)?.abort();
        this.#calls.delete(command.atom);
        return;
    }
  }

  async #call({ call, revertAttempt }: Extract<Command, { kind: 'CALL' }>): Promise<void> {
    const { claim, runner, holds } = this.#options;
    const stop = new CallStop();
    this.#calls.set(call.atom, stop);
    const whole = isWhole(call) ? wholeCall(call, NONE_ABSENT) : await this.#load(call);
    // A person has settled the atom while its values were loaded.
    if (whole === null || this.#calls.get(call.atom) !== stop) return;
    // A process that slept, or whose commit was answered late: another conductor may have gone on with the job since
    // and undone this attempt.
    const held = holds();
    if (held !== true && !(await held)) this.#driver.claimLost();
    if (this.#driver.hasEnded()) return;
    const idempotencyKey = `${claim.job}/${call.atom}/${call.attempt}${call.kind === 'revert' || call.kind === 'probeRevert' ? '/revert' : ''}`;
    let outcome: TaskOutcome;
    try {
      outcome = await runner.run(Object.assign(whole, { job: claim.job, idempotencyKey }), stop);
    } catch (thrown) {
      outcome = { kind: 'failed', failure: failureFrom(thrown) };
    }
    if (outcome.kind === 'waiting') outcome = await withAwaitedJob(outcome, this.#options);
    // A person has settled the outcome, and another call may be under way.
    if (this.#calls.get(call.atom) !== stop) return;
    this.#calls.delete(call.atom);
    this.#driver.ended(eventOf(call, revertAttempt, outcome));
  }

  /** The call with its large values loaded; null when loading fails. */
  async #load(call: CallOrder): Promise<WholeCall | null> {
    try {
      return await this.#options.values.whole(this.#options.claim.job, call);
    } catch (thrown) {
      this.#driver.loadFailed(thrown);
      return null;
    }
  }
}

type WholeCall = Omit<TaskCall, 'job' | 'idempotencyKey'>;

const NONE_ABSENT = () => undefined;
