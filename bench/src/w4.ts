// W4: 200 jobs of ten steps in a process that is killed (SIGKILL) at about half; seconds from its restart until all
// are over, and steps that ran twice. W4r: every job's last step fails, and the kill comes halfway through the reverts.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Entry } from '@windlass/engine/run';
import { type Ending, flowOf } from './flows.ts';
import { round, watchLoop } from './figures.ts';
import { withFolder } from './folder.ts';
import { driveUntil, orderFor, postMany } from './stage.ts';
import type { BenchStore, OpenStore } from './bench-store.ts';
import { storeNamed } from './stores.ts';
import type { Workload } from './workload.ts';

const STEPS = 10;
const JOBS = 200;

function w4(name: string, ending: Ending): Workload {
  const killed = ending === 'fails' ? 'revert' : 'apply';
  return {
    name,
    cases: (store) => (store.durable ? [{ store: store.name, n: JOBS * STEPS, concurrency: JOBS }] : []),
    run: (_case, store, place) =>
      withFolder('w4', async (folder) => {
        const calls = join(folder, 'calls');
        appendFileSync(calls, '');
        const open = await store.open(place.address);
        const order = await orderFor(open, flowOf('linear', STEPS, ending));
        await postMany(open, order, { count: JOBS, inFlight: 50 });
        await open.close();
        await runAndKill({ store: store.name, address: place.address, calls }, killed);
        const before = callsIn(calls, killed).length;
        const inFlight = await countInFlight(store, place.address);
        const recovered = await runAgain({ store: store.name, address: place.address, calls });
        const after = callsIn(calls, killed);
        return {
          ...recovered,
          killed_after: before,
          in_flight: inFlight,
          ran_twice: after.length - new Set(after).size,
        };
      }),
  };
}

export const w4forward = w4('W4', 'succeeds');
export const w4revert = w4('W4r', 'fails');

interface Child {
  readonly store: string;
  readonly address: string;
  /** The file that every call of a task appends a line to, as an effect outside the store. */
  readonly calls: string;
}

/** The work of the process that is killed, and of its restart: claims the jobs on the board and drives them. */
export async function runToTheEnd({ store, address, calls }: Child): Promise<void> {
  const born = performance.timeOrigin;
  const open = await storeNamed(store).open(address);
  const openedAt = Date.now();
  const longestTurn = watchLoop();
  const left = await unfinished(open);
  // As a server does that is alone on its database: every claim in it is of a process that is gone.
  await open.board.releaseAll(Date.now());
  const file = openSync(calls, 'a');
  const conductor = await driveUntil(open, {
    jobs: left,
    capacity: JOBS,
    witness: {
      applying: (job, atom) => void writeSync(file, `apply ${job} ${atom}\n`),
      reverting: (job, atom) => void writeSync(file, `revert ${job} ${atom}\n`),
    },
  });
  const figures = {
    opened_s: round((openedAt - born) / 1_000),
    driven_s: round((Date.now() - openedAt) / 1_000),
    loop_max_ms: longestTurn(),
  };
  writeSync(1, `${JSON.stringify(figures)}\n`);
  closeSync(file);
  await conductor.stop();
  await open.close();
}

async function unfinished({ board }: OpenStore): Promise<number> {
  const { byState } = await board.counts();
  return JOBS - (byState.COMPLETE ?? 0);
}

function start(child: Child) {
  const [program = ''] = process.argv.slice(1);
  return spawn(process.execPath, [...process.execArgv, program, '--to-the-end', JSON.stringify(child)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Seconds from the start of the process until it says that all is over, and what they went into. */
async function runAgain(child: Child): Promise<{ readonly [figure: string]: number }> {
  const started = performance.now();
  const process = start(child);
  const ended = new Promise<number | null>((resolve) => process.once('close', resolve));
  const said = new Promise<string>((resolve) => process.stdout.once('data', (text: Buffer) => resolve(text.toString())));
  const text = await Promise.race([said, ended]);
  const seconds = (performance.now() - started) / 1_000;
  const code = await ended;
  if (typeof text !== 'string' || code !== 0) throw new Error(`The restarted process ended with ${code}.`);
  return { recovered_s: round(seconds), ...(JSON.parse(text) as { [figure: string]: number }) };
}

async function runAndKill(child: Child, killed: 'apply' | 'revert'): Promise<void> {
  const process = start(child);
  const ended = new Promise((resolve) => process.once('exit', resolve));
  while (callsIn(child.calls, killed).length < (JOBS * STEPS) / 2 && process.exitCode === null) await pause(2);
  process.kill('SIGKILL');
  await ended;
}

function callsIn(file: string, kind: 'apply' | 'revert'): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(kind));
}

/** Atoms that the logbook shows as begun and not ended: what the kill caught in the middle. */
async function countInFlight(store: BenchStore, address: string): Promise<number> {
  const open = await store.open(address);
  const { rows } = await open.board.list({ limit: JOBS });
  let count = 0;
  for (const { id } of rows) {
    const last = new Map((await open.logbook.read(id, { after: 0, limit: 1_000 })).filter(isAtom).map((entry) => [entry.atom, entry.to]));
    count += [...last.values()].filter((state) => state === 'RUNNING' || state === 'REVERTING').length;
  }
  await open.close();
  return count;
}

function isAtom(entry: Entry): entry is Extract<Entry, { kind: 'ATOM' }> {
  return entry.kind === 'ATOM';
}
