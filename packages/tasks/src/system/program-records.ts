// The programs that tasks of this server run, as files in a folder. A killed server leaves its programs running, because each is the
// leader of a process group of its own. The next start ends those groups.
// 1. A record is written before its call goes on, and it is removed when the program has ended.
// 2. A group is ended only if its leader is the process of the record: same number, same start time, same boot and namespace.
// 3. The programs of a server that still runs are left alone.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProgramFate, StartedPrograms } from '../world.ts';

/** Longest time that a start waits for ended programs to be gone. */
const GONE_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;

/** Never process 1: to signal its group would be to signal every process. */
const place = z.object({ pid: z.int().min(2), since: z.string() });
const recordSchema = z.object({ key: z.string(), program: z.string(), machine: z.string(), process: place, server: place });
type ProgramRecord = z.output<typeof recordSchema>;
type Place = z.output<typeof place>;

export interface ProgramRecordsOptions {
  /** A folder of the server; it is made when the first program starts. */
  readonly folder: string;
  /** Names the boot of this machine and its namespace of process numbers; null where the system does not tell them. */
  readonly machine: string | null;
  /** Ends a process group; a test may have one that cannot be ended. */
  readonly endGroup?: (leader: number) => void;
}

export class ProgramRecords implements StartedPrograms {
  readonly #folder: string;
  readonly #machine: string | null;
  readonly #endGroup: (leader: number) => void;
  readonly #self = placeOf(process.pid);
  /** By key of their call: the programs that dead servers had left running. */
  readonly #left = new Map<string, ProgramRecord>();
  #ending: Promise<void> = Promise.resolve();

  constructor({ folder, machine, endGroup = killGroup }: ProgramRecordsOptions) {
    this.#folder = folder;
    this.#machine = machine;
    this.#endGroup = endGroup;
  }

  record({ key, program, pid }: { readonly key: string; readonly program: string; readonly pid: number }): () => void {
    const started = placeOf(pid);
    if (this.#machine === null || this.#self === null || started === null) return () => {};
    const record: ProgramRecord = { key, program, machine: this.#machine, process: started, server: this.#self };
    const file = this.#fileOf(key);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(file, JSON.stringify(record));
    return () => remove(file);
  }

  /** Ends the programs that dead servers of this machine left running. Resolves when they are gone, or cannot be ended. */
  endLeft(): Promise<void> {
    const left = this.#records().filter(({ machine, server }) => machine === this.#machine && !isRunning(server));
    for (const record of left) {
      this.#left.set(record.key, record);
      if (isRunning(record.process)) this.#endGroup(record.process.pid);
    }
    this.#ending = Promise.all([this.#ending, ...left.map((record) => this.#untilGone(record))]).then(() => {});
    return this.#ending;
  }

  async fateOf(key: string): Promise<ProgramFate> {
    await this.#ending;
    const record = this.#left.get(key);
    if (record === undefined) return { kind: 'unknown' };
    const { program, process: started } = record;
    return isRunning(started) ? { kind: 'running', program, pid: started.pid } : { kind: 'over', program };
  }

  /** The record of a program that cannot be ended stays for the next start, and so does a record that cannot be removed. */
  async #untilGone({ key, process: started }: ProgramRecord): Promise<void> {
    for (let waited = 0; isRunning(started) && waited < GONE_WITHIN_MS; waited += LOOK_EVERY_MS) {
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    if (!isRunning(started)) remove(this.#fileOf(key));
  }

  #fileOf(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  }

  #records(): ProgramRecord[] {
    return namesIn(this.#folder).flatMap((name) => readRecord(join(this.#folder, name)) ?? []);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // No program was ever started.
    return [];
  }
}

/** A record that stays is no reason to fail a call or a start: its process has ended, so the next start tries again to remove it. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}

/** Null for a file that another server removed meanwhile, or that a full disk cut short. */
function readRecord(file: string): ProgramRecord | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Does that very process still run? A later process with the same number has another start time. */
function isRunning({ pid, since }: Place): boolean {
  return placeOf(pid)?.since === since;
}

/** Null for a process that is not there or has ended, and where the system has no /proc. */
function placeOf(pid: number): Place | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, since] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' || since === undefined ? null : { pid, since };
  } catch {
    return null;
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile, or it runs as another user: then the record stays, and the doubt says that it runs.
    return;
  }
}
