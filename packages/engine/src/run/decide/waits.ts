// Atoms that wait, and times that something is due at (SEMANTICS A5, J6). Nothing sleeps: what is due is in the
// logbook, so it is known again to whoever claims the job later.
import { type Failure, failureFrom } from '../../failure.ts';
import type { JsonObject } from '../../json.ts';
import type { AtomEntryData } from '../../logbook/entry.ts';
import { callAtom } from './calls.ts';
import type { CompiledAtom } from '../graph/graph.ts';
import { beginRetry } from './retry.ts';
import { beginRevert, reviseRevert } from './revert.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** The atom begins to wait. A signal that came before is taken at once. */
export function beginWait(turn: Turn, { index, type }: CompiledAtom, data: AtomEntryData): void {
  const { run } = turn;
  const atom = atomAt(run, index);
  const place = { kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state } as const;
  try {
    const waiting = type?.waits?.(data.input ?? {}, turn.time);
    if (waiting === undefined) return;
    turn.record({ ...place, to: 'WAITING', data: { ...data, waiting } });
  } catch (thrown) {
    const failure = failureFrom(thrown);
    // A code of the type's own says more.
    const code = failure.code === 'TASK_THREW' ? 'INPUT_INVALID' : failure.code;
    turn.record({ ...place, to: 'FAILURE', data: { failure: { ...failure, code } } });
    return;
  }
  takeSignals(turn);
  settleDue(turn, index);
  wakeAtom(turn, index);
}

/** Gives signals that have come to the atoms that wait for them, first come, first served. */
export function takeSignals(turn: Turn): void {
  const { run } = turn;
  for (const atom of run.atoms) {
    const { waiting } = atom;
    if (waiting?.on !== 'signal') continue;
    const signal = run.signals.find(({ name }) => name === waiting.name);
    if (signal === undefined) continue;
    succeedWait(turn, atom, { data: signal.data, received: true });
  }
}

/** What the atom waited for has come. */
export function succeedWait(turn: Turn, atom: RunAtom, output: JsonObject): void {
  turn.move(atom, 'SUCCESS', { output });
}

/** Asks to be woken when something of the atom is due. */
export function wakeAtom(turn: Turn, index: number): void {
  const at = dueOf(turn.run, index);
  if (at !== null) turn.command({ kind: 'WAKE', atom: atomAt(turn.run, index).atom, at });
}

/** Does what is due of every atom that waits, and asks to be woken for the rest. */
export function takeUpWaits(turn: Turn): void {
  const { run } = turn;
  const deadline = deadlineOf(run);
  if (deadline !== null) turn.command({ kind: 'WAKE', atom: null, at: deadline });
  if (run.waiting === 0 && run.sleeping === 0) return;
  run.atoms.forEach(({ state, notBefore }, index) => {
    if (state !== 'WAITING' && state !== 'RETRYING' && !(state === 'REVERTING' && notBefore > 0)) return;
    const due = dueOf(run, index);
    // Whoever posted a job asks for it whenever it is taken up: that may be why.
    const isDue = run.atoms[index]?.waiting?.on === 'job' || (due !== null && due <= turn.time);
    if (!isDue) wakeAtom(turn, index);
    else if (run.atoms[index]?.waiting?.on === 'job') endWait(turn, atomAt(run, index), index);
    else settleDue(turn, index);
  });
}

/** When something of the atom is due by itself; null when nothing is. */
export function dueOf(run: Run, index: number): number | null {
  const atom = atomAt(run, index);
  switch (atom.state) {
    case 'WAITING':
      return atom.waiting?.until ?? null;
    case 'RETRYING':
      return atom.notBefore;
    case 'REVERTING':
      return atom.notBefore > 0 ? atom.notBefore : limitAfter(run, index, atom.revertingSince);
    case 'RUNNING':
      return atom.inDoubt === null ? limitAfter(run, index, atom.startedAt) : null;
    case 'PENDING':
    case 'SUCCESS':
    case 'FAILURE':
    case 'IGNORE':
    case 'REVERTED':
    case 'REVERT_FAILURE':
      return null;
  }
}

function limitAfter(run: Run, index: number, since: number): number | null {
  const limit = run.flow.atoms[index]?.item.timeLimitMs;
  return limit === undefined ? null : since + limit;
}

/** The deadline of the run, or null. */
export function deadlineOf({ flow, runningSince, state }: Run): number | null {
  const limit = flow.definition.timeLimitMs;
  return limit === undefined || runningSince === null || state !== 'RUNNING' ? null : runningSince + limit;
}

/** The earliest time at which something of the run is due; null when it waits without a time. */
export function nextDue(run: Run): number | null {
  let earliest = deadlineOf(run);
  run.atoms.forEach((_, index) => {
    const due = dueOf(run, index);
    if (due !== null && (earliest === null || due < earliest)) earliest = due;
  });
  return earliest;
}

/** Does what is due of one atom, if it is. */
export function settleDue(turn: Turn, index: number): void {
  const { run } = turn;
  const due = dueOf(run, index);
  if (due === null || due > turn.time) return;
  const atom = atomAt(run, index);
  switch (atom.state) {
    case 'WAITING':
      endWait(turn, atom, index);
      return;
    case 'RETRYING':
      if (run.state === 'RUNNING') beginRetry(turn, index);
      return;
    case 'REVERTING':
      if (atom.notBefore > 0) beginRevert(turn, index, atom.revertAttempt);
      else {
        turn.command({ kind: 'ABORT', atom: atom.atom });
        reviseRevert(turn, index, { failure: timeout(run, index), log: {} });
      }
      return;
    case 'RUNNING':
      turn.command({ kind: 'ABORT', atom: atom.atom });
      turn.move(atom, 'FAILURE', { failure: timeout(run, index) });
      return;
    case 'PENDING':
    case 'SUCCESS':
    case 'FAILURE':
    case 'IGNORE':
    case 'REVERTED':
    case 'REVERT_FAILURE':
      return;
  }
}

function timeout(run: Run, index: number): Failure {
  const limit = run.flow.atoms[index]?.item.timeLimitMs ?? 0;
  return { code: 'TIMEOUT', message: `It took longer than its time limit of ${limit} ms.` };
}

function endWait(turn: Turn, atom: RunAtom, index: number): void {
  const { waiting } = atom;
  switch (waiting?.on) {
    case undefined:
      return;
    case 'timer':
      succeedWait(turn, atom, waiting.output ?? {});
      return;
    case 'approval':
      if (waiting.then === 'approve') succeedWait(turn, atom, { approved: true, by: null, comment: 'nobody answered in time' });
      else turn.move(atom, 'FAILURE', { failure: { code: 'TIMEOUT', message: 'Nobody answered in time.' } });
      return;
    case 'signal':
      if (waiting.then === 'go_on') succeedWait(turn, atom, { data: null, received: false });
      else turn.move(atom, 'FAILURE', { failure: { code: 'TIMEOUT', message: `The signal "${waiting.name}" did not come in time.` } });
      return;
    case 'job':
      repeatApply(turn, atom, index);
      return;
  }
}

/** Asks those that wait for that job again. */
export function askAgain(turn: Turn, job: string): void {
  turn.run.atoms.forEach((atom, index) => {
    if (atom.waiting?.on === 'job' && atom.waiting.job === job) repeatApply(turn, atom, index);
  });
}

function repeatApply(turn: Turn, atom: RunAtom, index: number): void {
  turn.move(atom, 'RUNNING', { repeated: true });
  callAtom(turn, index, 'apply');
}
