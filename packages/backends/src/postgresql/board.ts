// The job board in PostgreSQL, for any number of processes. Frequent statements are SQL, one verb per file; lists go
// through the Prisma client. A lease ends at its time, or as soon as its owner is known to be dead (presence.ts).
import { type ActRelay, type JobBoard, LEASE_MS } from '@windlass/engine/ports';
import type { Claim, JobOrder } from '@windlass/engine/run';
import type pg from 'pg';
import type { Followers } from '../followers.ts';
import type { JobLists } from '../prisma/job-lists.ts';
import { ListedBoard } from '../prisma/listed-board.ts';
import { storable } from '../records/storable.ts';
import { PostgresActRelay } from './act-relay.ts';
import { Batches } from './batches.ts';
import type { NotifyConnection } from './notify-connection.ts';
import { type Claimed, claimJobs, claimOne } from './claim-jobs.ts';
import { translate } from './connection.ts';
import { DATABASE_NOW } from './database-clock.ts';
import { type Posting, postJobs, postingOf } from './post-jobs.ts';
import type { Presence } from './presence.ts';

const RENEW = `
WITH mine AS (
  SELECT j.seq FROM unnest($1::text[], $2::int[]) AS g (id, token) JOIN job j ON j.id = g.id
  WHERE j.token = g.token AND j.state = 'CLAIMED' ORDER BY j.seq FOR NO KEY UPDATE OF j
)
UPDATE job SET lease_until = ${DATABASE_NOW} + ${LEASE_MS} FROM mine WHERE job.seq = mine.seq RETURNING job.id`;
const ABANDON = `UPDATE job SET lease_until = 0, reclaims = reclaims - 1 WHERE id = $1 AND token = $2 AND state = 'CLAIMED'`;
const NEWEST = 'SELECT id FROM job ORDER BY seq DESC LIMIT 500';
const BY_KEY = 'SELECT id FROM job WHERE key = $1';

interface BoardParts {
  readonly pool: pg.Pool;
  readonly lists: JobLists;
  readonly followers: Followers;
  readonly notify: NotifyConnection;
  readonly presence: Presence;
}

export class PostgresBoard extends ListedBoard implements JobBoard {
  readonly relay: ActRelay;
  readonly hasClock = true;
  readonly #pool: pg.Pool;
  readonly #followers: Followers;
  readonly #notify: NotifyConnection;
  readonly #presence: Presence;
  readonly #postings: Batches<Posting, { readonly job: string; readonly fresh: boolean }>;

  constructor({ pool, lists, followers, notify, presence }: BoardParts) {
    super(lists);
    this.#pool = pool;
    this.relay = new PostgresActRelay(pool);
    this.#followers = followers;
    this.#notify = notify;
    this.#presence = presence;
    this.#postings = new Batches({ perform: (postings) => postJobs(pool, postings), lanes: 2, most: 200 });
  }

  async post(order: JobOrder, now: number): Promise<{ readonly job: string; readonly fresh: boolean }> {
    const posted = await this.#postings.submit(postingOf(order, now));
    if (posted.fresh) {
      this.tellChanged(posted.job);
      this.tellPosted();
    }
    return posted;
  }

  async claim(conductor: string, limit: number): Promise<readonly Claim[]> {
    // Without its row, other processes could not see that the conductor is alive.
    if (!(await this.#asked(this.#presence.hold(conductor)))) return [];
    this.#presence.releaseNowAndThen();
    const claimed = await this.#asked(claimJobs(this.#pool, { conductor, limit }));
    this.#tellClaimed(claimed);
    return claimed.claims;
  }

  async claimJob(job: string, conductor: string): ReturnType<JobBoard['claimJob']> {
    await this.#asked(this.#presence.hold(conductor));
    const answer = await this.#asked(claimOne(this.#pool, job, conductor));
    if (answer.kind === 'claimed') this.tellChanged(job);
    return answer;
  }

  async renew(_conductor: string, claims: readonly Claim[]): Promise<readonly string[]> {
    const { rows } = await this.#asked(
      this.#pool.query<{ id: string }>(RENEW, [claims.map(({ job }) => job), claims.map(({ token }) => token)]),
    );
    const renewed = new Set(rows.map(({ id }) => id));
    return claims.filter(({ job }) => !renewed.has(job)).map(({ job }) => job);
  }

  async abandon(claim: Claim): Promise<void> {
    await this.#asked(this.#pool.query(ABANDON, [claim.job, claim.token]));
    this.tellChanged(claim.job);
  }

  releaseAll(): Promise<number> {
    return this.#asked(this.#presence.release());
  }

  async byKey(key: string): Promise<string | undefined> {
    const { rows } = await this.#asked(this.#pool.query<{ id: string }>(BY_KEY, [storable(key)]));
    return rows[0]?.id;
  }

  /** Tells all processes that this process changed a job's row. */
  tellChanged(job: string): void {
    this.hearChanged(job);
    this.#notify.tellChanged(job);
  }

  /** Tells all processes that this process made a job ready to be claimed. */
  tellPosted(): void {
    this.hearPosted();
    this.#notify.tellPosted();
  }

  /** After notifications may have been lost: any of the jobs that lists show first may have changed. */
  async hearAnything(): Promise<void> {
    const { rows } = await this.#pool.query<{ id: string }>(NEWEST);
    for (const { id } of rows) this.hearChanged(id);
    this.hearPosted();
  }

  async close(): Promise<void> {
    await this.#postings.close();
  }

  #tellClaimed({ claims, deadLetters }: Claimed): void {
    for (const { job, entry, parent } of deadLetters) {
      this.#followers.tell(job, [entry]);
      this.#notify.tellWritten(job, entry.number, entry.number);
      this.tellChanged(job);
      if (parent !== null) this.tellChanged(parent);
    }
    for (const { job } of claims) this.tellChanged(job);
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (thrown) {
      throw translate(thrown);
    }
  }
}
