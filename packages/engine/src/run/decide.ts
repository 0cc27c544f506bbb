// The core: state + event -> entries + commands. No clock, no I/O, no promise: time, actor and chance come with the
// event. The run handed in is folded forward in place (see run.ts); entries and commands are the answer, and the
// conductor commits the entries before it carries out the commands.
//
// 1. Every change of state is an entry.   2. An event that no longer fits (a late answer, a second answer) is
// ignored.   3. decide never throws for what a task, a person or a crash can cause.
import type { ActBy, Command, RunEvent } from '../events.ts';
import type { Failure } from '../failure.ts';
import type { Json } from '../json.ts';
import type { Entry } from '../logbook/entry.ts';
import { type Parallelism, advance } from './decide/advance.ts';
import { callAtom } from './decide/calls.ts';
import { checkOutput } from './decide/check-output.ts';
import { performAct } from './acts/perform-act.ts';
import { refusalOf } from './acts/refuse.ts';
import { resumeAtoms } from './decide/resume.ts';
import { reviseRevert } from './decide/revert.ts';
import { type Run, type RunAtom, atomAt, indexOf } from './state/run.ts';
import { Turn } from './decide/turn.ts';
import { askAgain, settleDue, takeUpWaits, wakeAtom } from './decide/waits.ts';

/** What a decision gives. */
export interface Decision {
  readonly entries: readonly Entry[];
  readonly commands: readonly Command[];
}

/** Most atoms of one run at a time where nothing else is asked for. */
export const DEFAULT_PARALLEL = 10_000;

/** Decides. `run` is folded forward by the entries of the answer. */
export function decide(run: Run, event: RunEvent, limits: Parallelism = { parallel: DEFAULT_PARALLEL }): Decision {
  const turn = new Turn(run, event);
  handle(turn, event);
  advance(turn, limits);
  return { entries: turn.entries, commands: turn.commands };
}

function handle(turn: Turn, event: RunEvent): void {
  const { run } = turn;
  switch (event.kind) {
    case 'CLAIMED':
      turn.record({ kind: 'JOB', from: event.from, to: 'CLAIMED' });
      if (run.state === 'PENDING') turn.record({ kind: 'RUN', from: 'PENDING', to: 'RUNNING' });
      else resumeAtoms(turn);
      takeUpWaits(turn);
      if (event.act) carryOut(turn, event.act);
      return;
    case 'ACT':
      carryOut(turn, event);
      return;
    case 'APPLIED':
      withRunning(run, event, (atom, index) => finishApply(turn, { atom, index, output: event.output, log: logOf(event) }));
      return;
    case 'APPLY_FAILED':
      withRunning(run, event, (atom) => turn.move(atom, 'FAILURE', { failure: failureOf(atom, event.failure), ...logOf(event) }));
      return;
    case 'PROBED':
      withRunning(run, event, (atom, index) => {
        if (event.answer.happened === 'yes') finishApply(turn, { atom, index, output: event.answer.output });
        else if (event.answer.happened === 'no') repeat(turn, atom, index);
        else doubt(turn, atom, event.answer.because);
      });
      return;
    case 'REVERT_PROBED':
      withReverting(run, event, (atom, index) => {
        if (event.answer.undone === 'yes') turn.move(atom, 'REVERTED', { reason: 'it was undone before the crash' });
        else if (event.answer.undone === 'no') callAtom(turn, index, 'revert');
        else doubt(turn, atom, event.answer.because);
      });
      return;
    case 'REVERTED':
      withReverting(run, event, (atom) => turn.move(atom, 'REVERTED', event.logged === undefined ? undefined : logOf(event)));
      return;
    case 'REVERT_FAILED':
      withReverting(run, event, (_, index) => reviseRevert(turn, index, { failure: event.failure, log: logOf(event) }));
      return;
    case 'POSTED':
      withRunning(run, event, (atom, index) => {
        turn.move(atom, 'WAITING', { waiting: event.waiting });
        wakeAtom(turn, index);
      });
      return;
    case 'JOB_ENDED':
      askAgain(turn, event.job);
      return;
    case 'DUE': {
      // Due for the run itself, its deadline: advance looks at the time.
      const index = event.atom === null ? undefined : indexOf(run, event.atom);
      if (index !== undefined) settleDue(turn, index);
      return;
    }
  }
}

function carryOut(turn: Turn, { act, by }: ActBy): void {
  if (refusalOf(turn.run, act, by) === null) turn.as(by, () => performAct(turn, act));
}

/** Of a repeated attempt an earlier call may have had an effect, so the last one cannot say that nothing was done. */
function failureOf({ repeated }: RunAtom, failure: Failure): Failure {
  if (!repeated || failure.nothingDone === undefined) return failure;
  const { nothingDone: _, ...rest } = failure;
  return rest;
}

/** The pointer to what its task has logged (L5). */
function logOf({ logged }: { readonly logged?: number }): { readonly log?: number } {
  return logged === undefined ? {} : { log: logged };
}

function finishApply(
  turn: Turn,
  { atom, index, output, log = {} }: { atom: RunAtom; index: number; output: Json; log?: { readonly log?: number } },
): void {
  const checked = checkOutput(outputSchemaOf(turn.run, index), output);
  if (checked.kind === 'output') turn.move(atom, 'SUCCESS', { output: checked.output, ...log });
  else turn.move(atom, 'FAILURE', { failure: checked.failure, ...log });
}

/** The stages of a resource give parts of the whole; only the last one must complete it. */
function outputSchemaOf(run: Run, index: number) {
  const compiled = run.flow.atoms[index];
  return compiled?.kind === 'stage' ? null : (compiled?.type?.output ?? null);
}

function repeat(turn: Turn, atom: RunAtom, index: number): void {
  turn.move(atom, 'RUNNING', { repeated: true });
  callAtom(turn, index, 'apply');
}

function doubt(turn: Turn, atom: RunAtom, reason: string): void {
  turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'IN_DOUBT', data: { reason } });
}

function withRunning(
  run: Run,
  event: { readonly atom: string; readonly attempt: number },
  then: (atom: RunAtom, index: number) => void,
): void {
  const index = indexOf(run, event.atom);
  if (index === undefined) return;
  const atom = atomAt(run, index);
  if (atom.state === 'RUNNING' && atom.attempt === event.attempt && atom.inDoubt === null) then(atom, index);
}

function withReverting(
  run: Run,
  event: { readonly atom: string; readonly revertAttempt: number },
  then: (atom: RunAtom, index: number) => void,
): void {
  const index = indexOf(run, event.atom);
  if (index === undefined) return;
  const atom = atomAt(run, index);
  if (atom.state === 'REVERTING' && atom.revertAttempt === event.revertAttempt) then(atom, index);
}
