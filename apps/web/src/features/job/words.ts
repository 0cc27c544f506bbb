// What states are called, and the hue that goes with each. A state that is not known here is shown grey by its raw name.
import type { AtomSnapshot, Entry, ForwardOutcome, RunState } from '@windlass/engine';

/** The hues of the tokens `--st-<tone>-*`. */
export type Tone = 'pending' | 'claimed' | 'waiting' | 'running' | 'success' | 'failed' | 'doubt' | 'ignored' | 'revert';
/** Colour, word, icon and pattern of a state. */
export interface Look {
  readonly tone: Tone;
  readonly word: string;
  readonly icon: 'circle' | 'flag' | 'clock' | 'spinner' | 'check' | 'cross' | 'question' | 'skip' | 'undo' | 'undoFailed' | 'pin' | 'pause';
  readonly pattern: 'none' | 'hatch' | 'hollow' | 'failedHatch' | 'full';
}

const look = (tone: Tone, word: string, icon: Look['icon'], pattern: Look['pattern'] = 'none'): Look => ({ tone, word, icon, pattern });

const ATOM_LOOKS: ReadonlyMap<string, Look> = new Map([
  ['PENDING', look('pending', 'Never ran', 'circle')],
  ['WAITING', look('waiting', 'Waiting', 'clock')],
  ['RUNNING', look('running', 'Running', 'spinner')],
  ['SUCCESS', look('success', 'Applied', 'check')],
  ['FAILURE', look('failed', 'Failed', 'cross')],
  ['IGNORE', look('ignored', 'Skipped', 'skip')],
  ['REVERTING', look('revert', 'Reverting…', 'undo', 'hatch')],
  ['REVERTED', look('revert', 'Reverted', 'undo', 'hollow')],
  ['REVERT_FAILURE', look('failed', 'Revert failed', 'undoFailed', 'failedHatch')],
]);
const IN_DOUBT = look('doubt', 'In doubt', 'question');
const KEPT = look('revert', 'Kept', 'pin', 'full');

const RUN_LOOKS: ReadonlyMap<string, Look> = new Map([
  ['PENDING', look('pending', 'Not started', 'circle')],
  ['RUNNING', look('running', 'Running', 'spinner')],
  ['SUSPENDING', look('waiting', 'Pausing…', 'pause')],
  ['SUSPENDED', look('waiting', 'Paused', 'pause')],
  ['SUCCESS', look('success', 'Succeeded', 'check')],
  ['FAILURE', look('failed', 'Held at a failure', 'cross')],
  ['REVERTING', look('revert', 'Rolling back', 'undo', 'hatch')],
  ['REVERTED', look('revert', 'Rolled back', 'undo', 'hollow')],
  ['PARTIALLY_REVERTED', look('revert', 'Partly rolled back', 'undo', 'full')],
  ['REVERT_FAILED', look('failed', 'A revert failed', 'undoFailed', 'failedHatch')],
]);

/** The look of an atom: a doubt and a kept effect say more than the state. */
export function lookOfAtom(atom: Pick<AtomSnapshot, 'state' | 'inDoubt' | 'kept'> | undefined): Look {
  if (atom === undefined) return lookOfState('PENDING');
  if (atom.inDoubt !== null) return IN_DOUBT;
  if (atom.kept !== null) return KEPT;
  return lookOfState(atom.state);
}

export function lookOfState(state: string): Look {
  return ATOM_LOOKS.get(state) ?? look('pending', state, 'circle');
}

export function lookOfRun(state: string): Look {
  return RUN_LOOKS.get(state) ?? look('pending', state, 'circle');
}

/** How the run went forward; a rollback does not change it (T2). */
export function forwardLook(run: { state: RunState; forward: ForwardOutcome | null }, nameOf: (id: string) => string): Look {
  const { forward, state } = run;
  switch (forward?.kind) {
    case 'succeeded':
      return look('success', 'Succeeded', 'check');
    case 'failed':
      return look('failed', `${state === 'FAILURE' ? 'Held: failed' : 'Failed'} at “${nameOf(forward.atom)}”`, 'cross');
    case 'cancelled':
      return look('ignored', `Cancelled by ${forward.by}`, 'skip');
    case undefined:
      return state === 'SUCCESS' || lookOfRun(state).tone !== 'revert' ? lookOfRun(state) : look('ignored', 'Stopped on the way', 'pause');
  }
}

/** What a rollback has done or does; null when there is none. */
export function rollbackLook(run: { state: RunState; resumeTo: string; done: number; total: number; left: number }): Look | null {
  switch (run.state) {
    case 'REVERTING':
      return look('revert', `Rolling back ${run.done} of ${run.total}`, 'undo', 'hatch');
    case 'SUSPENDING':
    case 'SUSPENDED':
      return run.resumeTo === 'REVERTING' ? look('revert', `Rollback paused at ${run.done} of ${run.total}`, 'pause', 'hollow') : null;
    case 'REVERTED':
      return look('revert', 'Rolled back', 'undo', 'hollow');
    case 'PARTIALLY_REVERTED':
      return look('revert', run.left === 0 ? 'Partly rolled back' : `Partly rolled back, ${count(run.left, 'effect')} left`, 'undo', 'full');
    case 'REVERT_FAILED':
      return look('failed', 'Rollback stopped: a revert failed', 'undoFailed', 'failedHatch');
    default:
      return null;
  }
}

/** An entry in words: who or what it is about, what happened, and the look of it. */
export function entryWords(entry: Entry, nameOf: (id: string) => string): { subject: string; word: string; tone: Tone } {
  switch (entry.kind) {
    case 'ATOM': {
      const { tone } = lookOfState(entry.to);
      const again = entry.data?.repeated === true || (entry.from === entry.to && entry.to === 'REVERTING');
      return { subject: nameOf(entry.atom), word: `${lower(entry.to)}${again ? ' again' : ''}`, tone };
    }
    case 'RUN':
      return { subject: 'Run', word: lower(entry.to), tone: lookOfRun(entry.to).tone };
    case 'JOB':
      return { subject: entry.to === 'CLAIMED' ? `Claim · ${entry.actor.name}` : 'Job', word: entry.from === null ? 'posted' : lower(entry.to), tone: 'claimed' };
    case 'MARK':
      return { subject: nameOf(entry.atom), word: lower(entry.mark), tone: entry.mark === 'KEPT' ? 'revert' : 'doubt' };
    case 'ACT':
      return { subject: entry.actor.name, word: `${lower(entry.act)}${entry.atom === undefined ? '' : ` · ${nameOf(entry.atom)}`}`, tone: 'pending' };
    default:
      return { subject: (entry as { kind: string }).kind, word: '', tone: 'pending' };
  }
}

export function lower(word: string): string {
  return word.toLowerCase().replaceAll('_', ' ');
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `430 ms`, `1.2 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')} min` : `${Math.floor(hours / 24)} days`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export function clock(time: number): string {
  return CLOCK.format(time);
}
export function exact(time: number): string {
  return new Date(time).toISOString();
}
