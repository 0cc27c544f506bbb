// Claims jobs from the board while there is room for more. One look runs at a time; a look asked for meanwhile follows it.
import type { JobBoard } from '../../board/job-board.ts';
import { type Clock, type Pause, momentOf } from '../../clock.ts';
import type { ClaimedJobs } from './claimed-jobs.ts';

interface ClaimLoopParts {
  readonly board: Pick<JobBoard, 'claim'>;
  readonly conductor: { readonly id: string };
  readonly time: Pick<Clock, 'now' | 'elapsed'>;
  readonly jobs: ClaimedJobs;
  readonly pause: Pause;
  readonly onTrouble: (thrown: unknown) => void;
}

export class ClaimLoop {
  readonly #parts: ClaimLoopParts;
  #claiming: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(parts: ClaimLoopParts) {
    this.#parts = parts;
  }

  /** The look that is under way, or null; it never rejects. */
  get claiming(): Promise<void> | null {
    return this.#claiming;
  }

  look(): void {
    if (this.#stopped) return;
    if (this.#claiming !== null) {
      this.#again = true;
      return;
    }
    this.#claiming = this.#claimJobs()
      .catch(this.#parts.onTrouble)
      .finally(() => {
        this.#claiming = null;
        if (this.#again) {
          this.#again = false;
          this.look();
        }
      });
  }

  /** Begins no further look, and waits for the one that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#claiming;
  }

  async #claimJobs(): Promise<void> {
    const { board, conductor, jobs, time, pause } = this.#parts;
    // One request then replaces all jobs that end in the same turn of the event loop; else each of them would cost a request.
    await pause();
    await jobs.leases.renewEnded();
    for (;;) {
      const { room } = jobs;
      if (room <= 0 || this.#stopped) return;
      const askedAt = momentOf(time);
      const claims = await board.claim(conductor.id, room, askedAt.now);
      // No caller waits for the answer here; a failure of the store is reported where it happened.
      for (const claim of claims) jobs.drive(claim, askedAt).catch(() => undefined);
      if (claims.length < room) return;
    }
  }
}
