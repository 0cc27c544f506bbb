// The limits of the machine itself, measured in the same run: no workload can be faster.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { quantile, round } from './figures.ts';
import { withFolder } from './folder.ts';

const FOR_MS = 400;
/** About the size of a stored step. */
const ROW_BYTES = 200;

/** Raw figures, each named `limit_…`. */
export type Limits = { readonly [figure: `limit_${string}`]: number };

/** Turns of the event loop, a second. */
export async function loopLimits(): Promise<Limits> {
  const ends = performance.now() + FOR_MS;
  let turns = 0;
  await new Promise<void>((resolve) => {
    const turn = () => {
      turns += 1;
      if (performance.now() < ends) setImmediate(turn);
      else resolve();
    };
    turn();
  });
  return { limit_turns_per_s: Math.round((turns * 1_000) / FOR_MS) };
}

/** Appends with fdatasync, a second. */
export async function appendLimits(): Promise<Limits> {
  return withFolder('limits', async (folder) => ({ limit_appends_per_s: appends(join(folder, 'raw')) }));
}

/** Appends with fdatasync; SQLite (WAL, synchronous=FULL) with one row a commit: a second, and the median of one in ms. */
export async function sqliteLimits(): Promise<Limits> {
  return withFolder('limits', async (folder) => ({
    limit_appends_per_s: appends(join(folder, 'raw')),
    ...commits(join(folder, 'raw.db')),
  }));
}

function appends(file: string): number {
  const handle = openSync(file, 'w');
  const bytes = Buffer.alloc(ROW_BYTES, 'x');
  const times = repeat(() => {
    writeSync(handle, bytes);
    fdatasyncSync(handle);
  });
  closeSync(handle);
  return Math.round((times.length * 1_000) / FOR_MS);
}

function commits(file: string) {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);');
  const insert = database.prepare('INSERT INTO t (body) VALUES (?)');
  const body = 'x'.repeat(ROW_BYTES);
  const times = repeat(() => insert.run(body));
  database.close();
  return { limit_commits_per_s: Math.round((times.length * 1_000) / FOR_MS), limit_commit_p50_ms: round(quantile(times, 0.5)) };
}

/** Repeats the work for `FOR_MS`; the duration of each repetition in ms. */
function repeat(work: () => void): number[] {
  const times: number[] = [];
  for (let now = performance.now(), ends = now + FOR_MS; now < ends; ) {
    work();
    const after = performance.now();
    times.push(after - now);
    now = after;
  }
  return times;
}
