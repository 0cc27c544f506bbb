// Why a database could not be opened, as one sentence that says what to do. Never with the password.
import { EngineError } from '@windlass/engine/ports';
import pg from 'pg';

interface Address {
  readonly place: string;
  readonly database: string;
  readonly user: string;
}

/** The address without its password, for messages; throws STORE_FAILED for a text that is no address. */
export function addressOf(url: string): Address {
  try {
    // Parsed as the driver parses it, with PGHOST and the like; this opens no connection.
    const { host, port, database, user } = new pg.Client({ connectionString: url });
    const where = host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return { place: where, database: database ?? '', user: user ?? '' };
  } catch (cause) {
    throw new EngineError(
      'STORE_FAILED',
      'WINDLASS_DATABASE_URL is no address; write postgresql://user:password@host:5432/database, with what is special in the password as %40 and the like.',
      { cause },
    );
  }
}

/** The sentence for an error of opening. */
export function openErrorOf(url: string, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const { place, database, user } = addressOf(url);
  const failed = (text: string) => new EngineError('STORE_FAILED', `${text} Nothing was changed.`, { cause });
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const text = cause instanceof Error ? cause.message || code : String(cause);
  switch (code) {
    case '28P01':
      return failed(`PostgreSQL at ${place} refuses the password of ${user}; check WINDLASS_DATABASE_URL.`);
    case '28000':
      return failed(`PostgreSQL at ${place} does not let ${user} in from here (${text}); check WINDLASS_DATABASE_URL and pg_hba.conf.`);
    case '3D000':
      return failed(`There is no database ${database} at ${place}; make it with: createdb ${database}.`);
    case '42501':
      return failed(
        `${user} may not do what is needed in the database ${database} at ${place} (${text}); let it own the database, or grant it CREATE on the schema and all on the tables.`,
      );
    case '53300':
      return failed(`PostgreSQL at ${place} has no connection left (${text}); a server takes up to eleven.`);
    case '25006':
      return failed(`PostgreSQL at ${place} takes no writes (${text}); it may be a standby: use the address of the primary.`);
  }
  if (/password must be a string/.test(text)) {
    return failed(`PostgreSQL at ${place} wants a password for ${user}, and WINDLASS_DATABASE_URL has none.`);
  }
  if (cause instanceof pg.DatabaseError) return failed(`The database ${database} at ${place} could not be opened: ${text}.`);
  return failed(`PostgreSQL at ${place} cannot be reached (${code || text}); start it, or check WINDLASS_DATABASE_URL.`);
}
