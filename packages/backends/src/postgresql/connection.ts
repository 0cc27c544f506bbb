// Connections to one PostgreSQL database, and what their errors mean.
import { EngineError } from '@windlass/engine';
import pg from 'pg';

/** A server that does not answer for so long is taken for gone: the connection is given up, and what was asked is asked again. */
const ANSWERS_WITHIN = 30_000;

/**
 * What every connection is told. Durability is this program's promise, so a database that is set up to acknowledge
 * before it has synced is told otherwise; a stricter setting stays. The plans of the hot path never depend on values.
 */
const SESSION = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  SET jit = off; SET client_min_messages = warning; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 3;
  SET tcp_keepalives_count = 3`;

async function onConnect(client: pg.ClientBase): Promise<void> {
  await client.query(SESSION);
}

/** Opens no connection yet. */
export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ ...settings(url), max: 10, query_timeout: ANSWERS_WITHIN, idleTimeoutMillis: 60_000, onConnect });
  // One that breaks while nobody uses it is replaced by the pool; whoever uses one hears of it as the error of a query.
  pool.on('error', () => {});
  return pool;
}

/** A connection outside the pool, connected. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(settings(url));
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(SESSION);
    return client;
  } catch (thrown) {
    await client.end().catch(() => undefined);
    throw thrown;
  }
}

const turns = new WeakMap<pg.Client, Promise<unknown>>();

/** Asks on a connection that several parts of the program share: one question after another. */
export function queryInTurn(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
  const asked = (turns.get(client) ?? Promise.resolve()).then(() => client.query(text, [...values]));
  turns.set(
    client,
    asked.catch(() => undefined),
  );
  return asked;
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

/** The address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^/@]*?):[^/]*@/, '$1:…@').replace(/(password=)[^&]*/i, '$1…');
}

/** Whether the server may have done what was asked, or may do it when it is asked again: it did not refuse. */
export function isCut(cause: unknown): boolean {
  if (!(cause instanceof pg.DatabaseError)) return true;
  // Going down or coming up, connections, a standby that takes no writes yet, deadlocks.
  return /^(57P|08|25006|40)/.test(cause.code ?? '');
}

/** What a caller of a port is told. */
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

/** PostgreSQL stores every character but NUL. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
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
