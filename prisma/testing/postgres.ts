// A PostgreSQL of a test's own: in a temporary folder, reached through a socket there and no port, gone afterwards.
import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

export interface Postgres {
  /** Runs SQL in a database; resolves with the rows as lines, values parted by `|`. Rejects with what psql says. */
  query(database: string, sql: string): Promise<string[]>;
  /** What WINDLASS_DATABASE_URL takes. */
  url(database: string): string;
  stop(): void;
}

/** The folder of the server's programs, or null where PostgreSQL is not installed. */
export function findPostgres(): string | null {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const folders = [...debian, ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => ['initdb', 'pg_ctl', 'psql'].every((program) => existsSync(join(folder, program)))) ?? null;
}

/** `durable`: with syncs, as it is to be measured; without them what a power cut leaves is not what was promised. */
export function startPostgres(programs: string, { durable = false }: { readonly durable?: boolean } = {}): Postgres {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-pg-'));
  const owner = ordinaryUser();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const run = (program: string, args: string[]) =>
    execFileSync(join(programs, program), args, { ...owner, cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  run('initdb', ['-D', data, '-U', 'windlass', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
  // The server keeps what it inherits: its output goes to a file, or this process would wait for it for ever.
  run('pg_ctl', [
    '-D',
    data,
    '-w',
    '-l',
    join(folder, 'log'),
    '-o',
    `-k ${folder} -c listen_addresses= -c fsync=${durable ? 'on' : 'off'}`,
    'start',
  ]);
  return {
    async query(database, sql) {
      const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'windlass', '-d', database, '-f', '-'];
      // The thread goes on meanwhile: the statement may wait for a lock that a connection of this thread has.
      const text = await new Promise<string>((resolve, reject) => {
        const psql = execFile(join(programs, 'psql'), args, { ...owner, cwd: folder }, (failed, stdout) =>
          failed ? reject(failed) : resolve(stdout),
        );
        psql.stdin?.end(sql);
      });
      return text.split('\n').filter((line) => line !== '');
    },
    url: (database) => `postgresql:///${database}?host=${folder}&user=windlass`,
    stop: () => {
      run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; undefined where this process is an ordinary user already. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (what: string) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
