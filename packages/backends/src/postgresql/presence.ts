// Which conductors are alive. Each holds a shared advisory lock on its name for as long as its process is connected, on
// the bulletin's connection; PostgreSQL lets go of it when that ends, however it ends. So a lease whose owner's name
// nobody holds is of a dead conductor, on whichever host it was, and need not be waited out.
//
// A connection can also be cut while its process lives, which then connects again at once: so a name must be found
// unheld twice, `GRACE_MS` apart. Being wrong costs a repeated attempt and is no danger: the other one is fenced off (J3).
import type pg from 'pg';
import { queryInTurn } from './connection.ts';
import type { Bulletin } from './bulletin.ts';
import { EngineError } from '@windlass/engine';

const GRACE_MS = 200;
const LOOK_EVERY = 1_000;

const KEY = "hashtextextended('windlass conductor ' || owner, 0)";
const HELD = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32 | objid::bigint) = ${KEY}`;
const DEAD = `SELECT owner FROM (SELECT DISTINCT owner FROM job WHERE state = 'CLAIMED' AND lease_until > 0 AND owner IS NOT NULL) AS o
  WHERE NOT EXISTS (${HELD})`;
const RELEASE = `UPDATE job SET lease_until = 0 WHERE state = 'CLAIMED' AND lease_until > 0 AND owner = ANY ($1)
  AND NOT EXISTS (${HELD}) RETURNING id`;
/** Under a name that nobody but this connection holds, whoever claimed before it did is gone. */
const RELEASE_FORMER = `UPDATE job SET lease_until = 0 WHERE state = 'CLAIMED' AND lease_until > 0 AND owner = $1
  AND NOT EXISTS (${HELD} AND pid <> pg_backend_pid()) RETURNING id`;

export class Presence {
  readonly #pool: pg.Pool;
  readonly #bulletin: () => Bulletin;
  readonly #onReleased: (jobs: readonly string[]) => void;
  readonly #held = new Map<string, { client: pg.Client; ready: Promise<void> }>();
  #lookedAt = 0;
  #looking: Promise<unknown> | null = null;

  constructor(pool: pg.Pool, parts: { readonly bulletin: () => Bulletin; readonly onReleased: (jobs: readonly string[]) => void }) {
    this.#pool = pool;
    this.#bulletin = parts.bulletin;
    this.#onReleased = parts.onReleased;
  }

  /** Before a conductor claims: it is seen to be alive from here on. */
  async hold(conductor: string): Promise<void> {
    const { client } = this.#bulletin();
    if (client === null)
      throw new EngineError('STORE_FAILED', 'The connection to PostgreSQL is cut; nothing is claimed until it stands again.');
    const known = this.#held.get(conductor);
    if (known?.client === client) return known.ready;
    const ready = this.#take(client, conductor, known === undefined);
    this.#held.set(conductor, { client, ready });
    ready.catch(() => this.#held.delete(conductor));
    return ready;
  }

  /** On a new connection, for all who had it before. */
  async holdAgain(client: pg.Client): Promise<void> {
    for (const conductor of this.#held.keys()) {
      const ready = this.#take(client, conductor, false);
      this.#held.set(conductor, { client, ready });
      await ready;
    }
  }

  /** Ends the leases of dead conductors; answers with how many. */
  async release(): Promise<number> {
    this.#lookedAt = Date.now();
    const dead = await this.#dead();
    if (dead.length === 0) return 0;
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    const { rows } = await this.#pool.query<{ id: string }>(RELEASE, [dead]);
    if (rows.length > 0) this.#onReleased(rows.map(({ id }) => id));
    return rows.length;
  }

  /** The same now and then, beside what else is done; a look that fails is followed by another. */
  releaseNowAndThen(): void {
    if (this.#looking !== null || Date.now() - this.#lookedAt < LOOK_EVERY) return;
    this.#looking = this.release()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = null;
      });
  }

  async settled(): Promise<void> {
    await this.#looking;
  }

  async #dead(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ owner: string }>({ name: 'dead_conductors', text: DEAD });
    return rows.map(({ owner }) => owner);
  }

  async #take(client: pg.Client, conductor: string, isNew: boolean): Promise<void> {
    await queryInTurn(client, `SELECT pg_advisory_lock_shared(${KEY}) FROM (SELECT $1::text AS owner) AS o`, [conductor]);
    // A process that was started again may have the name of the one that died: containers count processes from 1.
    if (isNew) await queryInTurn(client, RELEASE_FORMER, [conductor]);
  }
}
