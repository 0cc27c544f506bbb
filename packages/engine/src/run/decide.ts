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
import { type Parallelism, advance } from './advance.ts';
import { callAtom } from './calls.ts';
import { checkOutput } from './check-output.ts';
import { performAct } from './perform-act.ts';
import { refusalOf } from './refuse.ts';
import { resumeAtoms } from './resume.ts';
import { type Run, type RunAtom, atomAt, indexOf } from './run.ts';
import { Turn } from './turn.ts';

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
      if (event.act) carryOut(turn, event.act);
      return;
    case 'ACT':
      carryOut(turn, event);
      return;
    case 'APPLIED':
      withRunning(run, event, (atom, index) => finishApply(turn, { atom, index, output: event.output }));
      return;
    case 'APPLY_FAILED':
      withRunning(run, event, (atom) => turn.move(atom, 'FAILURE', { failure: event.failure }));
      return;
    case 'PROBED':
      withRunning(run, event, (atom, index) => {
        if (event.answer.happened === 'yes') finishApply(turn, { atom, index, output: event.answer.output });
        else if (event.answer.happened === 'no') repeat(turn, atom, index);
        else doubt(turn, atom, event.answer.because);
      });
      return;
    case 'REVERTED':
      withReverting(run, event, (atom) => turn.move(atom, 'REVERTED'));
      return;
    case 'REVERT_FAILED':
      withReverting(run, event, (atom, index) => reviseRevert(turn, { atom, index, failure: event.failure }));
      return;
    case 'DUE': {
      const index = indexOf(run, event.atom);
      if (index !== undefined && atomAt(run, index).state === 'REVERTING') callAtom(turn, index, 'revert');
      return;
    }
  }
}

function carryOut(turn: Turn, { act, by }: ActBy): void {
  if (refusalOf(turn.run, act) === null) turn.as(by, () => performAct(turn, act));
}

function finishApply(turn: Turn, { atom, index, output }: { atom: RunAtom; index: number; output: Json }): void {
  const checked = checkOutput(turn.run.flow.atoms[index]?.type?.output ?? null, output);
  if (checked.kind === 'output') turn.move(atom, 'SUCCESS', { output: checked.output });
  else turn.move(atom, 'FAILURE', { failure: checked.failure });
}

function repeat(turn: Turn, atom: RunAtom, index: number): void {
  turn.move(atom, 'RUNNING', { repeated: true });
  callAtom(turn, index, 'apply');
}

function doubt(turn: Turn, atom: RunAtom, reason: string): void {
  turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'IN_DOUBT', data: { reason } });
}

/** A revert failed: again after a while, as its policy says, or it stands for a person to settle (R7). */
function reviseRevert(turn: Turn, { atom, index, failure }: { atom: RunAtom; index: number; failure: Failure }): void {
  const policy = turn.run.flow.atoms[index]?.item.revertPolicy ?? { attempts: 3, delayMs: 500 };
  if (atom.revertAttempt >= policy.attempts) {
    turn.move(atom, 'REVERT_FAILURE', { failure, revertAttempt: atom.revertAttempt });
    return;
  }
  const at = turn.time + policy.delayMs * 2 ** (atom.revertAttempt - 1);
  turn.move(atom, 'REVERTING', { failure, revertAttempt: atom.revertAttempt + 1, notBefore: at });
  turn.command({ kind: 'WAKE', atom: atom.atom, at });
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
