// A store in memory whose board measures leases and due times by a clock of its own, as a board that several servers share does.
import type { Claim } from '../board/job.ts';
import { MemoryStore } from '../board/memory-store.ts';
import type { JobCommit } from '../logbook/logbook-store.ts';

export class ClockedStore extends MemoryStore {
  readonly #now: () => number;

  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  override claim(conductor: string, limit: number): Promise<Claim[]> {
    return super.claim(conductor, limit, this.#now());
  }

  override claimJob(job: string, conductor: string) {
    return super.claimJob(job, conductor, this.#now());
  }

  override renew(conductor: string, claims: readonly Claim[]): Promise<string[]> {
    return super.renew(conductor, claims, this.#now());
  }

  override commit(commit: JobCommit): Promise<'committed' | 'claim-lost'> {
    const { change, at } = commit;
    const now = this.#now();
    const parked = change !== undefined && change.wakeAt !== null && at !== undefined;
    return super.commit({
      ...commit,
      ...(parked ? { change: { ...change, wakeAt: now + change.wakeAt - at } } : {}),
    });
  }
}
