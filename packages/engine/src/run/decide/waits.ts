// Atoms that wait (J6, A7, P9). No thread sleeps: every wait is in the logbook, so
// a conductor that claims the job later has it too. Times are in state/agenda.ts.
import { TaskError, failureFrom } from '../../failure/failure.ts';
import type { RunEvent } from '../../events.ts';
import type { JsonObject } from '../../json.ts';
import type { AtomEntryData } from '../../logbook/entry.ts';
import { type ReadWait, readWait } from '../../task/read-wait.ts';
import type { Wait } from '../../task/wait.ts';
import type { CompiledAtom } from '../graph/graph.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import type { TurnTime } from '../state/agenda.ts';
import type { RestingJob } from '../state/awaited-jobs.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import { firstWaiter, oldestSignal } from '../state/signals.ts';
import type { Signal } from '../state/snapshot/snapshot.ts';
import { isSleeping } from '../state/tally.ts';
import { applyAgain, revertAgain } from './calls.ts';
import { endWaitWith } from './end-wait.ts';
import type { Turn } from './turn.ts';

/** The atom begins to wait. It takes a kept signal at once. */
export function beginWait(turn: Turn, { index, type }: CompiledAtom, data: AtomEntryData): void {
  const { run } = turn;
  const atom = atomAt(run, index);
  const read = waitOf(type?.waits, data.input ?? {}, turn);
  if (read === undefined) return;
  if (read.kind === 'failed') {
    const { failure } = read;
    turn.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state, to: 'FAILURE', data: { failure } });
    return;
  }
  const { wait: waiting } = read;
  const place = { kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state } as const;
  turn.record({ ...place, to: 'WAITING', data: { ...data, waiting } });
  const signal = waiting.on === 'signal' ? oldestSignal(run, waiting.name) : undefined;
  if (signal !== undefined) receive(turn, index, signal);
}

/** Least pause before a job is asked for again; and the pause of an apply or a revert that names a time that has passed. */
const LEAST_PAUSE_MS = 100;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;

/** Least and largest pause before a call that names no time is made again, in case the news of the job's end was lost. */
const FIRST_LOOK_MS = 30_000;
const LAST_LOOK_MS = 86_400_000;

/**
 * What a call waits for, or the failure that this is. The call gives the end of its wait by the wall clock; if that differs from the
 * run's time, it waits as long. If the time to ask for another job again has passed, an apply pauses longer each time. A call that names
 * no time is made again after as long as it has waited so far: a parked job of a month costs a handful of entries a day (J6).
 */
export function waitOfCall(
  turn: Turn,
  { startedAt, revertingSince, state }: RunAtom,
  { time, wallTime = time, waiting }: Pick<RunEvent, 'time' | 'wallTime'> & { readonly waiting: Wait },
): ReadWait {
  const read = readWait(waiting);
  if (read.kind === 'failed') return read;
  if (read.wait.until === null) {
    if (read.wait.on !== 'job') return read;
    const waited = turn.time - (state === 'RUNNING' ? startedAt : revertingSince);
    return { kind: 'wait', wait: { ...read.wait, until: turn.time + Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, waited)) } };
  }
  if (read.wait.on === 'timer' && read.wait.byWallClock === true) return read;
  const until = read.wait.until + turn.time - wallTime;
  if (read.wait.on !== 'job') return { kind: 'wait', wait: { ...read.wait, until } };
  const grown = state === 'RUNNING' ? Math.max(FIRST_PAUSE_MS, Math.round((turn.time - startedAt) / 4)) : LAST_PAUSE_MS;
  const pause = until > turn.time ? LEAST_PAUSE_MS : Math.min(LAST_PAUSE_MS, grown);
  return { kind: 'wait', wait: { ...read.wait, until: Math.max(until, turn.time + pause) } };
}

function waitOf(
  waits: NonNullable<CompiledAtom['type']>['waits'] | undefined,
  input: JsonObject,
  { time, ahead }: TurnTime,
): ReadWait | undefined {
  try {
    return waits == null ? undefined : readWait(waits(input, time, time - ahead));
  } catch (thrown) {
    const failure = failureFrom(thrown);
    return { kind: 'failed', failure: thrown instanceof TaskError ? failure : { ...failure, code: 'INPUT_INVALID' } };
  }
}

/** A signal has come and is kept: the wait that began first takes it, if the run goes forward. */
export function giveSignal(turn: Turn, name: string): void {
  const { run } = turn;
  if (!isForward(run)) return;
  const index = firstWaiter(run, name);
  const signal = oldestSignal(run, name);
  if (index !== undefined && signal !== undefined) receive(turn, index, signal);
}

/** Waits take the signals that came while the run did not go forward. */
export function takeSignals(turn: Turn): void {
  for (const name of [...turn.run.waiters.keys()]) {
    while (firstWaiter(turn.run, name) !== undefined && oldestSignal(turn.run, name) !== undefined) giveSignal(turn, name);
  }
}

/** Can a signal end a wait now? In a run that reverts it is only kept. */
function isForward({ state, resumeTo }: Run): boolean {
  switch (state) {
    case 'RUNNING':
    case 'FAILURE':
      return true;
    case 'SUSPENDING':
    case 'SUSPENDED':
      return resumeTo === 'RUNNING';
    case 'PENDING':
    case 'SUCCESS':
    case 'REVERTING':
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
    case 'REVERT_FAILED':
      return false;
  }
}

function receive(turn: Turn, index: AtomIndex, { number, data }: Signal): void {
  endWaitWith(turn, index, { output: { data, received: true }, signal: number });
}

/** Ends a wait whose time has come. */
export function endWait(turn: Turn, index: AtomIndex): void {
  const atom = atomAt(turn.run, index);
  if (atom.waiting?.on === 'job') applyAgain(turn, index);
  else if (atom.waiting !== null) endTimedWait(turn, index, atom.waiting);
}

function endTimedWait(turn: Turn, index: AtomIndex, waiting: Exclude<Wait, { on: 'job' }>): void {
  const atom = atomAt(turn.run, index);
  switch (waiting.on) {
    case 'timer':
      endWaitWith(turn, index, { output: waiting.output ?? {} });
      return;
    case 'approval':
      if (waiting.then === 'approve')
        endWaitWith(turn, index, { output: { approved: true, by: null, comment: 'no person answered in time' } });
      else turn.move(atom, 'FAILURE', { failure: { code: 'TIMEOUT', message: 'No person answered in time.' } });
      return;
    case 'signal':
      if (waiting.then === 'go_on') endWaitWith(turn, index, { output: { data: null, received: false } });
      else turn.move(atom, 'FAILURE', { failure: { code: 'TIMEOUT', message: `The signal "${waiting.name}" did not come in time.` } });
      return;
  }
}

/** The run goes on: atoms that wait for a job, or for one of `atRest` if it is given, are called again, and kept signals are taken. */
export function takeUpWaits(turn: Turn, atRest?: readonly RestingJob[]): void {
  const { run } = turn;
  if (run.state === 'RUNNING') takeSignals(turn);
  askAgain(turn, atRest);
}

/**
 * Calls the atoms that wait for those jobs, or for any job, again; a run at rest does so when it goes on. An atom that waits for the end
 * alone is not called for a need of a person: a parent of 1,000 jobs with approvals would call 999 launches at each answer (J6).
 */
export function askAgain(turn: Turn, jobs?: readonly RestingJob[]): void {
  const { run } = turn;
  const mayCall = run.state === 'RUNNING' || run.state === 'REVERTING';
  if (!mayCall || run.waiting + run.sleeping === 0) return;
  const ended = jobs === undefined ? null : new Map(jobs.map(({ job, hasEnded }) => [job, hasEnded]));
  if (ended?.size === 0) return;
  run.atoms.forEach((atom, index) => {
    const { waiting } = atom;
    if (waiting?.on !== 'job' || ended?.has(waiting.job) === false) return;
    if (waiting.ends === true && ended?.get(waiting.job) === false) return;
    if (atom.state === 'WAITING' && run.state === 'RUNNING') applyAgain(turn, index);
    else if (isSleeping(atom)) revertAgain(turn, index);
  });
}
