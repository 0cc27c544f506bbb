// Jobs that a driven job waits for and that other servers drive (P9). Their commits wake the waiting job in its row, but not its
// driver: so after a change of the row, after a wait is durable, and at intervals, the rows of the awaited jobs are read.
//
// The row of a claimed job stays woken until the job is parked. So a job at rest is told to a driver once per change of the row:
// otherwise a task that waits on for a job that needs a person would be called again after each of its waits, without pause.
import { type JobBoard, WOKEN_AT } from '../../board/job-board.ts';
import type { RunDriver } from '../driving/run-driver.ts';
import type { HeldClaims } from './held-claims.ts';

export interface AwaitedJobsOptions {
  readonly board: Pick<JobBoard, 'get' | 'atRest'>;
  readonly onTrouble: (job: string, cause: unknown) => void;
}

export class AwaitedJobs {
  readonly #claims: HeldClaims;
  readonly #options: AwaitedJobsOptions;
  /** Jobs that are being looked at; true when a further look was asked for meanwhile. */
  readonly #looks = new Map<string, boolean>();
  /** Jobs at rest that a driver knows since the last change of its row, with whether they have ended. */
  readonly #told = new WeakMap<RunDriver, Map<string, boolean>>();

  constructor(claims: HeldClaims, options: AwaitedJobsOptions) {
    this.#claims = claims;
    this.#options = options;
  }

  /** The row of that job has changed: tells its driver which awaited jobs have come to rest, if another job has woken it. */
  look(job: string): Promise<void> {
    const driver = this.#claims.of(job)?.driver;
    // A change while a task is called is found when its wait is durable.
    if (driver != null) this.#told.delete(driver);
    return this.lookAfterWait(job);
  }

  /** Looks again for all driven jobs, because a notice of a change or a look may have failed. */
  lookForAll(): void {
    for (const { claim } of this.#claims) void this.lookAfterWait(claim.job);
  }

  /** Looks for awaited jobs that came to rest before the wait for them was durable. One look at a time per job. */
  async lookAfterWait(job: string): Promise<void> {
    if ((this.#claims.of(job)?.driver?.awaited().length ?? 0) === 0) return;
    if (this.#looks.has(job)) {
      this.#looks.set(job, true);
      return;
    }
    do {
      this.#looks.set(job, false);
      try {
        await this.#once(job);
      } catch (thrown) {
        // The next look for all jobs finds the awaited job at rest.
        this.#options.onTrouble(job, thrown);
      }
    } while (this.#looks.get(job) === true);
    this.#looks.delete(job);
  }

  async #once(job: string): Promise<void> {
    const { board } = this.#options;
    // A driver that follows meanwhile looks by itself, and must have begun with its claim before it hears of anything else.
    const driver = this.#claims.of(job)?.driver ?? null;
    if (driver === null || (await board.get(job))?.wakeAt !== WOKEN_AT) return;
    const resting = await board.atRest(driver.awaited());
    const told = this.#told.get(driver) ?? new Map<string, boolean>();
    this.#told.set(driver, told);
    for (const one of resting) {
      if (told.get(one.job) === one.hasEnded) continue;
      told.set(one.job, one.hasEnded);
      driver.jobAtRest(one);
    }
  }
}
