// Jobs that a driven job waits for and that other servers drive (P9). Their commits wake the waiting job in its row, but not its
// driver: so after a change of the row, and after a wait is durable, the rows of the awaited jobs are read.
import { type JobBoard, WOKEN_AT } from '../../board/job-board.ts';
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

  constructor(claims: HeldClaims, options: AwaitedJobsOptions) {
    this.#claims = claims;
    this.#options = options;
  }

  /** Tells the driver of that job which awaited jobs have come to rest, if another job has woken it. One look at a time per job. */
  async look(job: string): Promise<void> {
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
        // A later look finds the awaited job at rest.
        this.#options.onTrouble(job, thrown);
      }
    } while (this.#looks.get(job) === true);
    this.#looks.delete(job);
  }

  async #once(job: string): Promise<void> {
    const { board } = this.#options;
    if ((await board.get(job))?.wakeAt !== WOKEN_AT) return;
    const awaited = this.#claims.of(job)?.driver?.awaited() ?? [];
    for (const one of await board.atRest(awaited)) this.#claims.of(job)?.driver?.jobEnded(one);
  }
}
