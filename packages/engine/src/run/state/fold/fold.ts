// state + entry -> next state: the only code that changes a Run. Live running and replay of a logbook both come
// through here, so they cannot differ (L1, invariant I4).
import { personOf } from '../../../actor.ts';
import { EngineError } from '../../../errors.ts';
import type { ActEntry, AtomEntry, Entry, JobEntry, RunEntry } from '../../../logbook/entry.ts';
import { ATOM_TRANSITIONS, JOB_TRANSITIONS, RUN_TRANSITIONS, type Transition } from '../../../states.ts';
import { resetAtoms } from './reset-atoms.ts';
import { unfold } from '../expand.ts';
import { forgetKept, reopenCaught, settleCaught, undoCaughtFurther } from './fold-caught.ts';
import { foldMark } from './fold-mark.ts';
import { noteTime } from '../agenda.ts';
import { dropHistory, dropOutput, setInput, setOutput } from '../values/atom-values.ts';
import { storedAt } from '../../../logbook/entry-values.ts';
import { beginAgain, beginForward, finishAtom } from '../readiness.ts';
import { type Run, type RunAtom, atomAt, indexOf, knownIndexOf } from '../run.ts';
import { beginWaiting, keepSignal, takeSignal } from '../signals.ts';
import { tally } from '../tally.ts';
import { beginUndo, endUndo, joinUndo, restReverts, settleAtom } from '../undo-order.ts';
import type { AtomIndex } from '../../graph/index-spaces.ts';

const atomMoves = movesOf(ATOM_TRANSITIONS);
const runMoves = movesOf(RUN_TRANSITIONS);
const jobMoves = movesOf(JOB_TRANSITIONS);

/** Folds one entry into the run. Throws LOGBOOK_BROKEN for a gap in the numbers, TRANSITION_ILLEGAL for an unknown move. */
export function fold(run: Run, entry: Entry): void {
  if (entry.number !== run.number + 1) {
    throw new EngineError('LOGBOOK_BROKEN', `Entry ${entry.number} follows entry ${run.number}: the logbook has a gap.`);
  }
  switch (entry.kind) {
    case 'JOB':
      foldJob(run, entry);
      break;
    case 'RUN':
      foldRun(run, entry);
      break;
    case 'ATOM':
      foldAtom(run, entry);
      break;
    case 'MARK':
      foldMark(run, entry);
      break;
    case 'ACT':
      foldAct(run, entry);
      break;
  }
  run.number = entry.number;
  run.lastTime = entry.time;
  if (entry.kind !== 'JOB') run.basis = entry.number;
}

/** Folds many entries. */
export function replay(run: Run, entries: Iterable<Entry>): Run {
  for (const entry of entries) fold(run, entry);
  return run;
}

function foldJob(run: Run, entry: JobEntry): void {
  if (entry.from === null) {
    run.inputs = entry.data?.inputs ?? {};
    run.inputsAt = storedAt(entry, 'inputs');
  } else {
    demand(jobMoves, 'job', entry);
  }
  if (entry.to === 'CLAIMED') {
    run.token = entry.token;
    run.claimedAt = entry.time;
    run.holder = entry.actor.id;
  }
  run.job = entry.to;
  run.attention = entry.data?.attention ?? null;
  run.wakeAt = entry.data?.until ?? null;
}

function foldRun(run: Run, entry: RunEntry): void {
  demand(runMoves, 'run', entry);
  const { data } = entry;
  const before = run.state;
  run.state = entry.to;
  if (data?.forward) run.forward = data.forward;
  switch (entry.to) {
    case 'RUNNING':
      run.startedAt ??= entry.time;
      run.endedAt = null;
      run.forward = null;
      run.cancel = null;
      if (before !== 'SUSPENDED' && before !== 'SUSPENDING') run.runningSince = entry.time;
      if (before === 'PENDING' || data?.again !== undefined) goForward(run, data?.again ?? []);
      leaveRollback(run);
      break;
    case 'REVERTING':
      run.endedAt = null;
      if (data?.rollback) {
        run.rollback = { ...data.rollback, by: entry.actor.name, from: before, since: entry.time };
        run.standing = [];
        for (const { atom, orphaned } of data.rollback.leftOut ?? []) if (orphaned) atomAt(run, knownIndexOf(run, atom)).orphaned = true;
        if (data.rollback.plan !== undefined) restReverts(run);
        beginUndo(run, 'run', data.rollback.atoms);
      }
      break;
    case 'SUSPENDING':
      run.resumeTo = before === 'REVERTING' ? 'REVERTING' : 'RUNNING';
      break;
    case 'SUCCESS':
      run.outputs = data?.outputs ?? {};
      run.outputsAt = storedAt(entry, 'outputs');
      run.unresolved = data?.unresolved ?? [];
      run.endedAt = entry.time;
      leaveRollback(run);
      break;
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
    case 'REVERT_FAILED':
      run.standing = data?.left ?? [];
      run.endedAt = entry.time;
      break;
    case 'FAILURE':
      run.endedAt = entry.time;
      break;
    case 'PENDING':
    case 'SUSPENDED':
      break;
  }
}

/** In a run that goes forward again, only the effects of earlier attempts are left from rollbacks and retries (T1). */
function leaveRollback(run: Run): void {
  run.standing = run.keptBefore;
}

function goForward(run: Run, again: readonly string[]): void {
  resetAtoms(run, again);
  // A kept atom that does not begin again stands.
  forgetKept(run);
  run.undo = null;
  run.outputs = null;
  run.outputsAt = null;
  run.unresolved = [];
  beginForward(run);
  undoCaughtFurther(run);
}

function foldAtom(run: Run, entry: AtomEntry): void {
  const index = indexOf(run, entry.atom);
  if (index === undefined) {
    throw new EngineError('LOGBOOK_BROKEN', `Entry ${entry.number} names ${entry.atom}, which this flow version does not have.`);
  }
  const atom = atomAt(run, index);
  demand(atomMoves, entry.atom, entry);
  tally(run, atom, -1);
  if (entry.to === 'REVERTING' && !isSameRevert(atom, entry)) atom.revertingSince = entry.time;
  clearState(run, atom, index);
  setAtom(run, atom, entry);
  const code = entry.data?.code;
  if (code !== undefined) run.codes = [...run.codes, { type: typeOf(run, index), code, since: entry.number }];
  tally(run, atom, 1);
  follow(run, entry, index);
  noteTime(run, index);
}

/** Does the attempt to revert go on: its call is repeated, or waits for a job, or is made again after that wait? */
function isSameRevert({ state, revertAttempt, notBefore, waiting }: RunAtom, { data }: AtomEntry): boolean {
  return state === 'REVERTING' && data?.revertAttempt === revertAttempt && (notBefore === 0 || waiting !== null);
}

/** Changes the fields of the atom. */
function setAtom(run: Run, atom: RunAtom, entry: AtomEntry): void {
  atom.state = entry.to;
  atom.attempt = entry.attempt;
  const { data } = entry;
  const waits = entry.to === 'WAITING' || (data?.notBefore ?? 0) > 0;
  atom.waitsSince = waits ? entry.time : 0;
  if (data?.ending === true) atom.stopping = entry.time;
  if (data?.signal !== undefined) takeSignal(run, data.signal);
  switch (entry.to) {
    case 'RUNNING':
      atom.calledAt = entry.time;
      if (data?.repeated) atom.repeated = true;
      else start(run, atom, entry);
      break;
    case 'WAITING':
      if (entry.from === 'PENDING') start(run, atom, entry);
      atom.waiting = data?.waiting ?? null;
      break;
    case 'SUCCESS':
      if (entry.from === 'PENDING') start(run, atom, entry);
      atom.endedAt = entry.time;
      setOutput(run, atom, entry);
      break;
    case 'FAILURE':
      atom.endedAt = entry.time;
      atom.failure = data?.failure ?? null;
      if (entry.from === 'PENDING') atom.startNumber = entry.number;
      break;
    case 'IGNORE':
      setOutput(run, atom, entry);
      atom.note = data?.reason ?? null;
      atom.settledBy = personOf(entry);
      break;
    case 'RETRYING':
      atom.notBefore = data?.notBefore ?? 0;
      break;
    case 'REVERTING':
      atom.revertAttempt = data?.revertAttempt ?? 1;
      atom.revertFailure = data?.failure ?? atom.revertFailure;
      atom.notBefore = data?.notBefore ?? 0;
      atom.waiting = data?.waiting ?? null;
      if (atom.notBefore === 0) atom.calledAt = entry.time;
      break;
    case 'REVERTED':
      atom.endedAt = entry.time;
      atom.note = data?.reason ?? null;
      atom.byHand = data?.byHand ?? false;
      atom.settledBy = atom.byHand ? personOf(entry) : null;
      dropHistory(run, atom);
      break;
    case 'REVERT_FAILURE':
      atom.endedAt = entry.time;
      atom.revertFailure = data?.failure ?? null;
      break;
    case 'PENDING':
      break;
  }
}

/** Changes the counters and scopes of the run. */
function follow(run: Run, { to, data }: AtomEntry, index: AtomIndex): void {
  switch (to) {
    case 'WAITING':
      beginWaiting(run, index);
      // The call that posted the job was one that a rollback waits for.
      joinUndo(run, index);
      break;
    case 'SUCCESS':
      unfold(run, index, { slots: data?.slots, keys: data?.keys });
      settleCaught(run, index);
      finishAtom(run, index);
      joinUndo(run, index);
      break;
    case 'FAILURE':
      run.failed.add(index);
      joinUndo(run, index);
      break;
    case 'IGNORE':
      finishAtom(run, index);
      break;
    case 'RETRYING':
      retryContainer(run, index, data?.again ?? []);
      break;
    case 'REVERTED':
      settleAtom(run, index);
      reopenCaught(run, index);
      break;
    case 'PENDING':
    case 'RUNNING':
    case 'REVERTING':
    case 'REVERT_FAILURE':
      break;
  }
}

/** A retry begins its container again. */
function retryContainer(run: Run, index: AtomIndex, again: readonly string[]): void {
  const retry = run.flow.atoms[index];
  const container = retry?.kind === 'retry' ? retry.container : null;
  if (container !== null) endUndo(run, container);
  resetAtoms(run, again);
  leaveRollback(run);
  if (container !== null) beginAgain(run, container);
}

/** Clears the fields that belong to the state before. */
function clearState(run: Run, atom: RunAtom, index: AtomIndex): void {
  atom.waiting = null;
  atom.notBefore = 0;
  atom.stopping = 0;
  atom.inDoubt = null;
  if (atom.state !== 'FAILURE') return;
  run.failed.delete(index);
  run.declined.delete(index);
}

function start(run: Run, atom: RunAtom, entry: AtomEntry): void {
  atom.startNumber = entry.number;
  atom.startedAt = entry.time;
  atom.endedAt = 0;
  setInput(run, atom, entry);
  atom.secrets = entry.data?.secrets ?? {};
  dropOutput(run, atom);
  atom.failure = null;
  atom.revertFailure = null;
  atom.applied = true;
  atom.repeated = false;
  atom.orphaned = false;
  atom.byHand = false;
  atom.settledBy = null;
  atom.revertAttempt = 0;
  atom.notBefore = 0;
  atom.note = null;
}

function foldAct(run: Run, entry: ActEntry): void {
  if (entry.act === 'CANCEL') {
    run.cancel = { by: entry.actor.name, reason: entry.reason, then: entry.data?.['then'] === 'hold' ? 'hold' : 'revert' };
  }
  if (entry.act === 'SIGNAL') {
    keepSignal(run, { number: entry.number, name: String(entry.data?.['name'] ?? ''), data: entry.data?.['data'] ?? null });
  }
  const edits = entry.act === 'RETRY_FAILED' || entry.act === 'APPLY_AGAIN' ? entry.data?.['parameters'] : undefined;
  if (edits !== undefined) run.edits = { ...run.edits, ...(edits as Run['edits']) };
}

/** Such as `file.write@1`. */
function typeOf(run: Run, index: AtomIndex): string {
  const item = run.flow.atoms[index]?.item;
  return `${item?.type}@${item?.typeVersion}`;
}

function movesOf<State extends string>(table: readonly Transition<State>[]): ReadonlySet<string> {
  return new Set(table.map(({ from, to }) => `${from}>${to}`));
}

function demand(moves: ReadonlySet<string>, what: string, entry: JobEntry | RunEntry | AtomEntry): void {
  if (!moves.has(`${entry.from}>${entry.to}`)) {
    throw new EngineError('TRANSITION_ILLEGAL', `Entry ${entry.number}: ${what} cannot go from ${entry.from} to ${entry.to}.`);
  }
}
