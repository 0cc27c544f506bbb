// Connections to one PostgreSQL database, and what their errors mean.
import { EngineError } from '@windlass/engine/ports';
import pg from 'pg';

/** A server that does not answer within this time counts as dead: the connection is closed, and the query is repeated. */
const ANSWERS_WITHIN = 30_000;

/**
 * The settings of every connection. Durability is a promise of Windlass, so a database that is configured to acknowledge
 * before its sync is overruled; a stricter setting stays. The plans of the hot path never depend on values.
 */
const SESSION = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  SET jit = off; SET client_min_messages = warning; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 3;
  SET tcp_keepalives_count = 3`;

/** Opens no connection yet. */
export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    ...settings(url),
    max: 10,
    query_timeout: ANSWERS_WITHIN,
    idleTimeoutMillis: 60_000,
    onConnect: async (client) => void (await client.query(SESSION)),
  });
  // The pool replaces an idle connection that breaks; a connection in use reports the break as the error of its query.
  pool.on('error', () => {});
  return pool;
}

/** A connection outside the pool, with one owner. Its statements are sent one after another. */
export class OwnConnection {
  readonly #client: pg.Client;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Throws the error of PostgreSQL. `onEnd` is called once when the connection is cut, `onNotice` for each notice. */
  static async open(
    url: string,
    listeners: { readonly onEnd?: (connection: OwnConnection) => void; readonly onNotice?: (text: string) => void } = {},
  ): Promise<OwnConnection> {
    const client = new pg.Client(settings(url));
    const connection = new OwnConnection(client);
    client.on('error', () => {});
    client.on('end', () => listeners.onEnd?.(connection));
    client.on('notification', ({ payload }) => listeners.onNotice?.(payload ?? ''));
    try {
      await client.connect();
      await client.query(SESSION);
      return connection;
    } catch (thrown) {
      // The error of opening says more than that of closing.
      await client.end().catch(() => undefined);
      throw thrown;
    }
  }

  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    const asked = this.#last.then(() => this.#client.query<Row>(text, values === undefined ? undefined : [...values]));
    // `asked` rejects for its own caller; the query after it is sent all the same.
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async end(): Promise<void> {
    // The connection is not used again, however its end goes.
    await this.#client.end().catch(() => undefined);
  }
}

function settings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'windlass',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
  };
}

/** False for a refusal. True when the server may have done the work, or may do it at a second try. */
export function isCut(cause: unknown): boolean {
  if (cause instanceof EngineError || cause instanceof TypeError || cause instanceof RangeError) return false;
  if (!(cause instanceof pg.DatabaseError)) return true;
  // Going down or coming up, connections, a standby that takes no writes yet, deadlocks.
  return /^(57P|08|25006|40)/.test(cause.code ?? '');
}

/** The error that a caller of a port gets. */
export function translate(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const text = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
  if (cause instanceof pg.DatabaseError && cause.code === '53100') {
    return new EngineError(
      'STORE_FULL',
      `PostgreSQL has no room left on its disk (${text}); nothing was written. Make room: what waits goes on by itself.`,
      {
        cause,
      },
    );
  }
  return new EngineError('STORE_FAILED', `PostgreSQL could not do it: ${text}.`, { cause });
}

/** Runs `work` in one transaction. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const done = await work(client);
    await client.query('COMMIT');
    client.release();
    return done;
  } catch (thrown) {
    const isOver = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    client.release(!isOver);
    throw thrown;
  }
}
