// Tells which conductors are alive. Each holds a shared advisory lock on its name while its process is connected, on
// the connection of its listener; PostgreSQL releases the lock when that connection ends, for any reason. So if no process holds the
// lock of a lease's owner, that conductor is dead, on any host, and the lease can be ended at once.
//
// A connection can also be cut while its process lives, which then connects again at once. So a lock must be found unheld
// twice, `GRACE_MS` apart; and a process that was cut itself does not check others for a while, because they may have been cut too (a
// restart of PostgreSQL). A mistake costs a repeated attempt and nothing else: the token stops the other conductor (J3).
import type pg from 'pg';
import type { NotifyConnection } from './notify-connection.ts';
import type { OwnConnection } from './connection.ts';

const GRACE_MS = 1_000;
const LOOK_EVERY = 1_000;
const AFTER_CUT = 5_000;

const KEY = "hashtextextended('windlass conductor ' || owner, 0)";
const HELD = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32 | objid::bigint) = ${KEY}`;
const DEAD = `SELECT owner FROM (SELECT DISTINCT owner FROM job WHERE state = 'CLAIMED' AND lease_until > 0 AND owner IS NOT NULL) AS o
  WHERE NOT EXISTS (${HELD})`;
const RELEASE = `UPDATE job SET lease_until = 0 WHERE state = 'CLAIMED' AND lease_until > 0 AND owner = ANY ($1)
  AND NOT EXISTS (${HELD}) RETURNING id`;

export class Presence {
  readonly #pool: pg.Pool;
  readonly #notify: () => NotifyConnection;
  readonly #onReleased: (jobs: readonly string[]) => void;
  readonly #held = new Map<string, { readonly connection: OwnConnection; readonly ready: Promise<void> }>();
  #lookedAt = -Infinity;
  #looking: Promise<unknown> | null = null;

  constructor(pool: pg.Pool, parts: { readonly notify: () => NotifyConnection; readonly onReleased: (jobs: readonly string[]) => void }) {
    this.#pool = pool;
    this.#notify = parts.notify;
    this.#onReleased = parts.onReleased;
  }

  /** Called before a conductor claims: other processes see it alive from now on. False while the connection is cut. */
  async hold(conductor: string): Promise<boolean> {
    const { connection } = this.#notify();
    if (connection === null) return false;
    const known = this.#held.get(conductor);
    if (known?.connection === connection) await known.ready;
    else await this.#take(connection, conductor);
    return true;
  }

  /** Takes the locks of all conductors again, on a new connection. */
  async holdAgain(connection: OwnConnection): Promise<void> {
    for (const conductor of this.#held.keys()) await this.#take(connection, conductor);
  }

  /** Ends the leases of dead conductors; answers with their number. */
  async release(): Promise<number> {
    this.#lookedAt = performance.now();
    if (this.#notify().standsFor < AFTER_CUT) return 0;
    const { rows: dead } = await this.#pool.query<{ owner: string }>({ name: 'dead_conductors', text: DEAD });
    if (dead.length === 0) return 0;
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    if (this.#notify().standsFor < AFTER_CUT) return 0;
    const { rows } = await this.#pool.query<{ id: string }>(RELEASE, [dead.map(({ owner }) => owner)]);
    if (rows.length > 0) this.#onReleased(rows.map(({ id }) => id));
    return rows.length;
  }

  /** Repeats that at intervals; after a failed attempt the next one follows. */
  releaseNowAndThen(): void {
    if (this.#looking !== null || performance.now() - this.#lookedAt < LOOK_EVERY) return;
    // After a failed look, the next one finds the same dead conductors.
    this.#looking = this.release()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = null;
      });
  }

  async settled(): Promise<void> {
    await this.#looking;
  }

  #take(connection: OwnConnection, conductor: string): Promise<void> {
    const ready = connection
      .query(`SELECT pg_advisory_lock_shared(${KEY}) FROM (SELECT $1::text AS owner) AS o`, [conductor])
      .then(() => {});
    this.#held.set(conductor, { connection, ready });
    ready.catch(() => this.#held.delete(conductor));
    return ready;
  }
}
