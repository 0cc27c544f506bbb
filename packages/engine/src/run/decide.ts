// The core: state + event -> entries + commands. It uses no clock, no I/O and no promise: time, actor and chance come with the
// event. The given run is folded forward in place (see run.ts). The conductor commits the entries of the answer
// before it carries out the commands.
//
// 1. Every change of state is an entry.   2. An event that no longer fits (a late answer, a second answer) is
// ignored.   3. No act of a task, a person or a crash makes decide throw.
import type { ActBy, Command, RunEvent } from '../events.ts';
import type { Failure } from '../failure/failure.ts';
import type { Json } from '../json.ts';
import type { AtomEntryData, Entry } from '../logbook/entry.ts';
import { advance } from './decide/advance.ts';
import { applyAgain, revertAgain } from './decide/calls.ts';
import { checkOutput, outputSchemaOf } from './decide/check-output.ts';
import { performAct } from './acts/perform-act.ts';
import { type Refusal, refusalOf } from './acts/refuse.ts';
import { interruptedCalls, resumeCalls } from './decide/resume.ts';
import { putInDoubt } from './decide/doubt.ts';
import { type OfApply, type OfRevert, hearLateApply, hearLateRevert } from './decide/late-answers.ts';
import { type Limits, hasRoom } from './decide/limits.ts';
import { reviseRevert, waitInRevert } from './decide/revert.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import { type Run, type RunAtom, atomAt, indexOf, isDeadLetter } from './state/run.ts';
import { isApplyOver } from './state/undo-order.ts';
import { Turn } from './decide/turn.ts';
import { serveAgenda, serveAll } from './decide/serve-agenda.ts';
import { askAgain, giveSignal, takeUpWaits, waitOfCall } from './decide/waits.ts';
import { EVERYTHING, NO_REVERTS, nextDue } from './state/agenda.ts';
import type { AtomIndex } from './graph/index-spaces.ts';

/** The result of one turn. */
export interface Decision {
  readonly entries: readonly Entry[];
  readonly commands: readonly Command[];
  /** Large values that the run needs to go on: the caller loads them (`run.large.load`) and sends a DUE event. */
  readonly wanted: readonly StoredValue[];
  /** The next time that is due, one for the whole run; null when there is none. */
  readonly wakeAt: number | null;
  /** The outcome of the act that came with the event, valid once the entries are durable; null without an act. */
  readonly answer: ActOutcome | null;
}

/** The act was carried out, up to that entry, or refused with nothing done. */
export type ActOutcome = { readonly kind: 'done'; readonly number: number } | ({ readonly kind: 'refused' } & Refusal);

/** Default of the largest number of atoms of one run at the same time. */
export const DEFAULT_PARALLEL = 10_000;

/** Decides one turn. `run` is folded forward by the entries of the answer. */
export function decide(run: Run, event: RunEvent, limits: Limits = { parallel: DEFAULT_PARALLEL }): Decision {
  const time = timeOf(run, event);
  const ahead = event.wallTime === undefined ? 0 : time - event.wallTime;
  run.agenda.jumps = event.jumps ?? run.agenda.jumps;
  const turn = new Turn(run, { time, ahead, actor: event.actor, token: event.token }, limits.entries);
  const refusal = handle(turn, event, limits);
  advance(turn, limits);
  const { entries, commands, wanted } = turn;
  if (wanted.length === 0) run.large.dropLoaded();
  // A full turn makes the next turn due at once, even if the clock is set back now.
  const next = nextDue(run, turn, hasRoom(run, limits) ? EVERYTHING : NO_REVERTS);
  const wakeAt = turn.isFull && wanted.length === 0 && run.job === 'CLAIMED' ? 0 : next;
  return { entries, commands, wanted, wakeAt, answer: outcomeOf(run, event, refusal) };
}

/**
 * The time of the turn: never before the last entry, and after it for a takeover, because clocks differ or are set back. The
 * board measures how long a job is parked, so a job that it offers as due is due, even if the conductor's clock is behind.
 */
function timeOf({ job, lastTime, wakeAt }: Run, event: RunEvent): number {
  if (event.kind !== 'CLAIMED') return Math.max(event.time, lastTime);
  return Math.max(event.time, job === 'CLAIMED' ? lastTime + 1 : lastTime, event.isDue === true ? (wakeAt ?? 0) : 0);
}

function outcomeOf(run: Run, event: RunEvent, refusal: Refusal | null): ActOutcome | null {
  if (refusal !== null) return { kind: 'refused', ...refusal };
  const hasAct = event.kind === 'ACT' || (event.kind === 'CLAIMED' && event.act !== undefined);
  return hasAct ? { kind: 'done', number: run.number } : null;
}

/** Handles the event; returns why its act was refused, or null. */
function handle(turn: Turn, event: RunEvent, limits: Limits): Refusal | null {
  switch (event.kind) {
    case 'CLAIMED':
      return takeOver(turn, event, limits);
    case 'ACT':
      return carryOut(turn, event);
    case 'APPLIED':
    case 'APPLY_FAILED':
    case 'PROBED':
    case 'POSTED':
      hearApply(turn, event);
      return null;
    case 'REVERTED':
    case 'REVERT_FAILED':
    case 'REVERT_WAITS':
    case 'REVERT_PROBED':
      hearRevert(turn, event);
      return null;
    case 'JOB_AT_REST':
      askAgain(turn, [event]);
      return null;
    case 'DUE':
      // `advance` serves the agenda in every turn.
      return null;
  }
}

/** A conductor has claimed the job, possibly for an act. */
function takeOver(
  turn: Turn,
  { from, act: order, isFormerDead, atRest }: Extract<RunEvent, { kind: 'CLAIMED' }>,
  limits: Limits,
): Refusal | null {
  const { run } = turn;
  turn.isForAct = order !== undefined;
  turn.parkedUntil = run.wakeAt;
  const wasDeadLetter = isDeadLetter(run);
  const former = { id: run.holder, isDead: isFormerDead === true, claimedAt: run.claimedAt, wasDeadLetter };
  const interrupted = interruptedCalls(run);
  const windsBack = order?.act.kind === 'CANCEL' || (wasDeadLetter && order?.act.kind === 'ROLL_BACK');
  // The plan for a dead letter was made for the run in its logbook, so nothing due is served before it.
  const isJudged = order !== undefined && windsBack && wasDeadLetter;
  const judged = isJudged ? refusalOf(run, order.act, order.by) : undefined;
  turn.record({ kind: 'JOB', from, to: 'CLAIMED' });
  if (run.state === 'PENDING') turn.record({ kind: 'RUN', from: 'PENDING', to: 'RUNNING' });
  if (!windsBack) resumeCalls(turn, { interrupted, former });
  if (!isJudged) {
    // An act is judged on the state after everything due was served (B7).
    if (order === undefined) serveAgenda(turn, limits);
    else serveAll(turn, limits);
    takeUpWaits(turn, atRest);
  }
  const refusal = order === undefined ? null : carryOut(turn, order, judged);
  // After the act, so that no apply is called again in order to be undone.
  if (windsBack) resumeCalls(turn, { interrupted, former });
  return refusal;
}

/** `refusal` is computed when it is not given. */
function carryOut(turn: Turn, { act, by }: ActBy, refusal = refusalOf(turn.run, act, by)): Refusal | null {
  if (refusal === null) turn.as(by, () => performAct(turn, act));
  return refusal;
}

/** A call of apply, or its probe, has answered; an answer of another attempt is ignored. */
function hearApply(turn: Turn, event: OfApply): void {
  const { run } = turn;
  const index = indexOf(run, event.atom);
  if (index === undefined) return;
  const atom = atomAt(run, index);
  if (atom.attempt !== event.attempt) return;
  if (atom.state === 'FAILURE' && atom.stopping > 0) hearLateApply(turn, index, event);
  if (atom.state !== 'RUNNING') return;
  switch (event.kind) {
    case 'APPLIED':
      finishApply(turn, { atom, index, output: event.output, logged: event.logged });
      return;
    case 'APPLY_FAILED':
      turn.move(atom, 'FAILURE', withLog({ failure: failureOf(atom, event.failure) }, event.logged));
      return;
    case 'POSTED': {
      const read = waitOfCall(turn, atom, event);
      if (read.kind === 'failed') {
        turn.move(atom, 'FAILURE', { failure: read.failure });
        return;
      }
      turn.move(atom, 'WAITING', { waiting: read.wait });
      if (read.wait.on === 'signal') giveSignal(turn, read.wait.name);
      return;
    }
    case 'PROBED':
      if (event.answer.happened === 'yes') finishApply(turn, { atom, index, output: event.answer.output });
      else if (event.answer.happened === 'unknown') putInDoubt(turn, atom, { reason: event.answer.because });
      // A stopped apply does not begin again (A5), nor one that will be undone.
      else if (isApplyOver(run, index)) turn.move(atom, 'FAILURE', { failure: NEVER_APPLIED });
      else applyAgain(turn, index);
      return;
  }
}

const NEVER_APPLIED: Failure = {
  code: 'ABORTED',
  message: 'It had done nothing when it was stopped or its conductor was lost.',
  nothingDone: true,
};

/** A call of revert, or its probe, has answered. */
function hearRevert(turn: Turn, event: OfRevert): void {
  const { run } = turn;
  const index = indexOf(run, event.atom);
  if (index === undefined) return;
  const atom = atomAt(run, index);
  if (atom.attempt !== event.attempt) return;
  const isAsleep = atom.state === 'REVERT_FAILURE' || (atom.state === 'REVERTING' && atom.notBefore > 0);
  if (isAsleep) {
    if (atom.stopping > 0) hearLateRevert(turn, index, event);
    return;
  }
  if (atom.state !== 'REVERTING' || atom.revertAttempt !== event.revertAttempt) return;
  switch (event.kind) {
    case 'REVERTED':
      turn.move(atom, 'REVERTED', event.logged === undefined ? undefined : { log: event.logged });
      return;
    case 'REVERT_FAILED':
      reviseRevert(turn, index, withLog({ failure: event.failure }, event.logged));
      return;
    case 'REVERT_WAITS': {
      const read = waitOfCall(turn, atom, event);
      if (read.kind === 'wait') waitInRevert(turn, index, read.wait);
      else reviseRevert(turn, index, { failure: read.failure });
      return;
    }
    case 'REVERT_PROBED':
      if (event.answer.undone === 'yes') turn.move(atom, 'REVERTED', { reason: 'it had been undone before its conductor was lost' });
      else if (event.answer.undone === 'no') revertAgain(turn, index);
      else putInDoubt(turn, atom, { reason: event.answer.because });
      return;
  }
}

/** In a repeated attempt an earlier call may have had an effect, so the last call cannot promise that nothing was done. */
function failureOf({ repeated }: RunAtom, failure: Failure): Failure {
  if (!repeated || failure.nothingDone === undefined) return failure;
  const { nothingDone: _, ...rest } = failure;
  return rest;
}

/** Adds the number of lines that the task has logged (L5). Nearly every call logs nothing, and then nothing is copied. */
function withLog<T extends AtomEntryData>(data: T, logged: number | undefined): T & { readonly log?: number } {
  return logged === undefined ? data : { ...data, log: logged };
}

function finishApply(
  turn: Turn,
  { atom, index, output, logged }: { atom: RunAtom; index: AtomIndex; output: Json; logged?: number | undefined },
): void {
  const checked = checkOutput(outputSchemaOf(turn.run.flow.atoms[index]), output);
  if (checked.kind === 'output') turn.move(atom, 'SUCCESS', withLog({ output: checked.output }, logged));
  else turn.move(atom, 'FAILURE', withLog({ failure: checked.failure }, logged));
}
