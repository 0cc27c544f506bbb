// The part of a job board that is the same over every database: lists, which come from the Prisma client, and listeners.
import { type JobCount, type JobPage, type JobQuery, type JobBoard, Listeners } from '@windlass/engine/ports';
import type { JobFilter, JobRow, RestingJob } from '@windlass/engine/run';
import { warnOf } from '../warn-of.ts';
import type { JobLists } from './job-lists.ts';

export abstract class ListedBoard {
  readonly #lists: JobLists;
  readonly #posted = new Listeners<[]>(warnOf);
  readonly #changed = new Listeners<[job: string]>(warnOf);

  constructor(lists: JobLists) {
    this.#lists = lists;
  }

  get(job: string): Promise<JobRow | undefined> {
    return this.#lists.get(job);
  }

  atRest(jobs: readonly string[]): Promise<readonly RestingJob[]> {
    return this.#lists.atRest(jobs);
  }

  list(query: JobQuery): Promise<JobPage> {
    return this.#lists.list(query);
  }

  count(filter: JobFilter, most: number): Promise<JobCount> {
    return this.#lists.count(filter, most);
  }

  ended(flow: string, limit: number): Promise<readonly JobRow[]> {
    return this.#lists.ended(flow, limit);
  }

  counts(): ReturnType<JobBoard['counts']> {
    return this.#lists.counts();
  }

  onPosted(listener: () => void): () => void {
    return this.#posted.add(listener);
  }

  onChanged(listener: (job: string) => void): () => void {
    return this.#changed.add(listener);
  }

  /** Tells the listeners of this process that a job's row was changed, by any process. */
  hearChanged(job: string): void {
    this.#changed.tell(job);
  }

  /** Tells the listeners of this process that a job may be ready to be claimed. */
  hearPosted(): void {
    this.#posted.tell();
  }
}
