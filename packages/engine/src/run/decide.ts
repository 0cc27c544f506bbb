// The core: state + event -> entries + commands. No clock, no I/O, no promise: time, actor and chance come with the
// event. The run handed in is folded forward in place (see run.ts); entries and commands are the answer, and the
// conductor commits the entries before it carries out the commands.
//
// 1. Every change of state is an entry.   2. An event that no longer fits (a late answer, a second answer) is
// ignored.   3. decide never throws for what a task, a person or a crash can cause.
import type { ActBy, Command, RunEvent } from '../events.ts';
import type { Failure } from '../failure.ts';
import type { Json } from '../json.ts';
import type { AtomEntryData, Entry } from '../logbook/entry.ts';
import { advance } from './decide/advance.ts';
import { applyAgain, revertAgain } from './decide/calls.ts';
import { checkOutput } from './decide/check-output.ts';
import { performAct } from './acts/perform-act.ts';
import { type Refusal, refusalOf } from './acts/refuse.ts';
import { callsLeft, resumeCalls } from './decide/resume.ts';
import { type OfApply, type OfRevert, doubt, hearLateApply, hearLateRevert } from './decide/late-answers.ts';
import { type Limits, hasRoom } from './decide/limits.ts';
import { reviseRevert, waitInRevert } from './decide/revert.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import { type Run, type RunAtom, atomAt, indexOf, isGivenUp } from './state/run.ts';
import { isApplyOver } from './state/undo-order.ts';
import { Turn } from './decide/turn.ts';
import { serveAgenda, serveAll } from './decide/serve-agenda.ts';
import { askAgain, giveSignal, takeUpWaits, waitOfCall } from './decide/waits.ts';
import { EVERYTHING, NO_REVERTS, nextDue } from './state/agenda.ts';

/** What a decision gives. */
export interface Decision {
  readonly entries: readonly Entry[];
  readonly commands: readonly Command[];
  /** Large values that the run needs to go on: they are loaded (`run.large.load`), and a DUE event makes the next turn. */
  readonly wanted: readonly StoredValue[];
  /** When the next thing is due; null when nothing is. There is one such time for the whole run. */
  readonly wakeAt: number | null;
  /** What became of the act that came with the event; null where none came. True once the entries are durable. */
  readonly answer: ActOutcome | null;
}

/** An act was carried out, up to that entry, or refused with nothing done. */
export type ActOutcome = { readonly kind: 'done'; readonly number: number } | ({ readonly kind: 'refused' } & Refusal);

/** Most atoms of one run at a time where nothing else is asked for. */
export const DEFAULT_PARALLEL = 10_000;

/** Most entries of a turn: what follows beyond them is left to the next one. */
export const MOST_ENTRIES = 2_000;

/** Decides. `run` is folded forward by the entries of the answer. */
export function decide(run: Run, event: RunEvent, limits: Limits = { parallel: DEFAULT_PARALLEL }): Decision {
  const turn = new Turn(run, { time: timeOf(run, event), actor: event.actor, token: event.token }, limits.entries ?? MOST_ENTRIES);
  const refusal = handle(turn, event, limits);
  advance(turn, limits);
  const { entries, commands, wanted } = turn;
  if (wanted.length === 0) run.large.dropLoaded();
  // What a full turn has left to do is due at once, even if the clock is set back now.
  const due = nextDue(run, hasRoom(run, limits) ? EVERYTHING : NO_REVERTS);
  const wakeAt = turn.isFull && wanted.length === 0 && run.job === 'CLAIMED' ? 0 : due;
  return { entries, commands, wanted, wakeAt, answer: outcomeOf(run, event, refusal) };
}

/** Of two servers whose clocks differ, or one whose clock is set back: never before the last entry, and a takeover after it. */
function timeOf({ job, lastTime }: Run, { kind, time }: RunEvent): number {
  return Math.max(time, kind === 'CLAIMED' && job === 'CLAIMED' ? lastTime + 1 : lastTime);
}

function outcomeOf(run: Run, event: RunEvent, refusal: Refusal | null): ActOutcome | null {
  if (refusal !== null) return { kind: 'refused', ...refusal };
  const hasAct = event.kind === 'ACT' || (event.kind === 'CLAIMED' && event.act !== undefined);
  return hasAct ? { kind: 'done', number: run.number } : null;
}

/** Takes the event in; why its act was refused, or null. */
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
    case 'JOB_ENDED':
      askAgain(turn, event.job);
      return null;
    case 'DUE':
      // advance looks at what is due in every turn.
      return null;
  }
}

/** A conductor has claimed the job, perhaps for an act. */
function takeOver(turn: Turn, { from, act: order, isFormerDead }: Extract<RunEvent, { kind: 'CLAIMED' }>, limits: Limits): Refusal | null {
  const { run } = turn;
  const former = { id: run.holder, isDead: isFormerDead === true, claimedAt: run.claimedAt };
  const left = callsLeft(run);
  const wasGivenUp = isGivenUp(run);
  const windsBack = order?.act.kind === 'CANCEL' || (wasGivenUp && order?.act.kind === 'ROLL_BACK');
  // A plan of a job that was given up was made for the run as it was left, so nothing that is due comes before it.
  const isJudged = order !== undefined && windsBack && wasGivenUp;
  const judged = isJudged ? refusalOf(run, order.act, order.by) : undefined;
  turn.record({ kind: 'JOB', from, to: 'CLAIMED' });
  if (run.state === 'PENDING') turn.record({ kind: 'RUN', from: 'PENDING', to: 'RUNNING' });
  if (!windsBack) resumeCalls(turn, { left, former });
  if (!isJudged) {
    // An act is judged on the state after what is due has been taken up (B7).
    if (order === undefined) serveAgenda(turn, limits);
    else serveAll(turn, limits);
    takeUpWaits(turn);
  }
  const refusal = order === undefined ? null : carryOut(turn, order, judged);
  // After the act, so that no apply is called again in order to be undone.
  if (windsBack) resumeCalls(turn, { left, former });
  return refusal;
}

/** `refusal` is worked out where it is not given. */
function carryOut(turn: Turn, { act, by }: ActBy, refusal = refusalOf(turn.run, act, by)): Refusal | null {
  if (refusal === null) turn.as(by, () => performAct(turn, act));
  return refusal;
}

/** A call of apply, or a probe of it, has answered; an answer of another attempt is none. */
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
    case 'POSTED':
      turn.move(atom, 'WAITING', { waiting: waitOfCall(turn, event) });
      if (event.waiting.on === 'signal') giveSignal(turn, event.waiting.name);
      return;
    case 'PROBED':
      if (event.answer.happened === 'yes') finishApply(turn, { atom, index, output: event.answer.output });
      else if (event.answer.happened === 'unknown') doubt(turn, atom, event.answer.because);
      // What was told to stop does not begin again (A5), nor what is to be undone.
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

/** A call of revert, or a probe of it, has answered. */
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
    case 'REVERT_WAITS':
      waitInRevert(turn, index, waitOfCall(turn, event));
      return;
    case 'REVERT_PROBED':
      if (event.answer.undone === 'yes') turn.move(atom, 'REVERTED', { reason: 'it had been undone before its conductor was lost' });
      else if (event.answer.undone === 'no') revertAgain(turn, index);
      else doubt(turn, atom, event.answer.because);
      return;
  }
}

/** Of a repeated attempt an earlier call may have had an effect, so the last one cannot say that nothing was done. */
function failureOf({ repeated }: RunAtom, failure: Failure): Failure {
  if (!repeated || failure.nothingDone === undefined) return failure;
  const { nothingDone: _, ...rest } = failure;
  return rest;
}

/** With the pointer to what its task has logged (L5). Nearly every call logs nothing, and then nothing is copied. */
function withLog<T extends AtomEntryData>(data: T, logged: number | undefined): T & { readonly log?: number } {
  return logged === undefined ? data : { ...data, log: logged };
}

function finishApply(
  turn: Turn,
  { atom, index, output, logged }: { atom: RunAtom; index: number; output: Json; logged?: number | undefined },
): void {
  const checked = checkOutput(outputSchemaOf(turn.run, index), output);
  if (checked.kind === 'output') turn.move(atom, 'SUCCESS', withLog({ output: checked.output }, logged));
  else turn.move(atom, 'FAILURE', withLog({ failure: checked.failure }, logged));
}

/** The stages of a resource give parts of the whole; only the last one must complete it. */
function outputSchemaOf(run: Run, index: number) {
  const compiled = run.flow.atoms[index];
  return compiled?.kind === 'stage' ? null : (compiled?.type?.output ?? null);
}
