// The parked jobs of a board in memory, by the time at which they are due.
import { ReadyQueue } from '../run/state/ready-queue.ts';
import type { MemoryJob } from './memory-job.ts';

interface Parked {
  readonly at: number;
  readonly job: MemoryJob;
}

export class MemoryParked {
  readonly #queue = new ReadyQueue<Parked>((a, b) => a.at < b.at);

  /** Adds a job whose row is WAITING; without a due time it stays out. */
  add(job: MemoryJob): void {
    if (job.row.wakeAt !== null) this.#queue.push({ at: job.row.wakeAt, job });
  }

  /** Removes and returns the jobs that are due. A job that was claimed or woken since it was added is not taken at its former time. */
  takeDue(now: number): readonly MemoryJob[] {
    const due: MemoryJob[] = [];
    const isParked = ({ at, job: { row } }: Parked) => row.state === 'WAITING' && row.wakeAt === at;
    for (let next = this.#queue.first(isParked); next !== undefined && next.at <= now; next = this.#queue.first(isParked)) {
      this.#queue.take();
      due.push(next.job);
    }
    return due;
  }
}
