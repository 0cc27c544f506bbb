// What the machine itself can do, measured in the same run: nothing durable can be faster than this.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';

const FOR_MS = 600;

export interface Limits {
  /** Append of 200 bytes and fdatasync, a second. */
  readonly limit_appends_per_s: number;
  /** SQLite, WAL, synchronous=FULL, one row a commit, a second, and the median of one in ms. */
  readonly limit_commits_per_s: number;
  readonly limit_commit_p50_ms: number;
}

export function measureLimits(): Limits {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-limits-'));
  try {
    return { limit_appends_per_s: appends(join(folder, 'raw')), ...commits(join(folder, 'raw.db')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function appends(file: string): number {
  const handle = openSync(file, 'w');
  const bytes = Buffer.alloc(200, 'x');
  const { count, seconds } = repeat(() => {
    writeSync(handle, bytes);
    fdatasyncSync(handle);
  });
  closeSync(handle);
  return Math.round(count / seconds);
}

function commits(file: string) {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);');
  const insert = database.prepare('INSERT INTO t (body) VALUES (?)');
  const body = 'x'.repeat(200);
  const times: number[] = [];
  const { count, seconds } = repeat(() => {
    const started = performance.now();
    insert.run(body);
    times.push(performance.now() - started);
  });
  database.close();
  times.sort((a, b) => a - b);
  return { limit_commits_per_s: Math.round(count / seconds), limit_commit_p50_ms: round(times[Math.floor(times.length / 2)] ?? 0) };
}

function repeat(work: () => void): { count: number; seconds: number } {
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < FOR_MS) {
    work();
    count += 1;
  }
  return { count, seconds: (performance.now() - started) / 1_000 };
}

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
