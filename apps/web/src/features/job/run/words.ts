// A run, its two facts and its entries in words. States have their look from ui/state-look.
import type {
  AtomSnapshot,
  AttentionReason,
  Entry,
  ForwardOutcome,
  JobState,
  RetryDecision,
  RollbackScope,
  RunState,
} from '@windlass/engine/run';
import { durationWords, shortTime } from '../../../lib/times.ts';
import { type Hue, type StateLook, isRevertWaiting, isRollback, lookOf, lookOfAtom } from '../../../ui/state/state-look.ts';
import { actLine } from '../acts/act-words.ts';
import { isDeadLetter, isUndoable } from '@windlass/engine/run';
import { type NameOf, waitWords } from './names.ts';

type RunAtom = Parameters<typeof isUndoable>[0];

/** What the words for a run as a whole depend on. */
interface RunWords {
  readonly state: RunState;
  readonly forward: ForwardOutcome | null;
  readonly job: JobState;
  readonly attention: AttentionReason | null;
  readonly resumeTo: string;
  readonly rollback: { readonly by: string } | null;
}

/** The forward outcome of the run; a rollback does not change it (T2). */
export function forwardLook(run: RunWords, nameOf: NameOf): StateLook {
  const { forward, state } = run;
  switch (forward?.kind) {
    case 'succeeded': {
      const caught = forward.caught ?? [];
      const [first] = caught;
      if (first === undefined) return lookOf('SUCCESS');
      const more = caught.length > 1 ? ` and ${caught.length - 1} more` : '';
      return { ...lookOf('SUCCESS'), word: `Succeeded, caught a failure at “${nameOf(first.atom)}”${more}` };
    }
    case 'failed':
      return { ...lookOf('FAILURE'), word: `${state === 'FAILURE' ? 'Held: failed' : 'Failed'} at “${nameOf(forward.atom)}”` };
    case 'cancelled':
      return { ...lookOf('IGNORE'), word: `Cancelled by ${forward.by}` };
    case 'overdue':
      return { ...lookOf('FAILURE'), word: 'Past its deadline' };
    case undefined:
      if (isDeadLetter(run)) return lookOf('GIVEN_UP');
      if (state === 'FAILURE') return { ...lookOf('FAILURE'), word: 'Held at a failure' };
      return hasRollback(run) ? { ...lookOf('PENDING'), icon: 'pause', word: unfinishedWords(run) } : lookOf(state);
  }
}

/** A run that was paused and rolled back has no forward outcome. */
function unfinishedWords({ rollback }: RunWords): string {
  return rollback === null ? 'Did not finish' : `Did not finish, rolled back by ${rollback.by}`;
}

/** The rollback outcome of the run; null without a rollback. */
export function rollbackLook(
  run: Omit<RunWords, 'forward' | 'rollback'> & { readonly ending?: boolean; readonly resting?: number | 'job' | null },
  progress: { done: number; total: number; standing: number },
): StateLook | null {
  const { done, total, standing } = progress;
  switch (run.state) {
    case 'REVERTING':
      if (isDeadLetter(run)) return { ...lookOf('GIVEN_UP'), word: `Rollback given up at ${done} of ${total}` };
      if (run.ending === true) {
        const sofar = total === 0 ? 'Rolling back' : `Rolling back ${done} of ${total}`;
        return { ...lookOf('REVERTING'), word: `${sofar}, a call is still ending` };
      }
      if (run.resting != null) {
        const rests = run.resting === 'job' ? 'waits for a job' : `next attempt at ${shortTime(run.resting, Date.now())}`;
        return { ...lookOf('REVERTING'), icon: 'hourglass', pattern: 'dashed', word: `Rolling back ${done} of ${total}, ${rests}` };
      }
      return { ...lookOf('REVERTING'), word: `Rolling back ${done} of ${total}` };
    case 'SUSPENDING':
    case 'SUSPENDED':
      return run.resumeTo === 'REVERTING' ? { ...lookOf('REVERTED'), icon: 'pause', word: `Rollback paused at ${done} of ${total}` } : null;
    case 'REVERTED':
      return { ...lookOf('REVERTED'), word: 'Rolled back' };
    case 'PARTIALLY_REVERTED':
      return {
        ...lookOf('PARTIALLY_REVERTED'),
        word: standing === 0 ? 'Partly rolled back' : `Partly rolled back, ${count(standing, 'task')} left standing`,
      };
    case 'REVERT_FAILED':
      return { ...lookOf('REVERT_FAILED'), word: 'Rollback stopped: a revert failed' };
    default:
      return null;
  }
}

/** Why an effect stands; where its revert failed, with the cause. */
export function standingWords(because: string, atom: Pick<AtomSnapshot, 'state' | 'kept' | 'revertFailure'> | undefined): string {
  const cause = atom?.state === 'REVERT_FAILURE' && atom.kept === null ? atom.revertFailure?.message : undefined;
  return cause === undefined ? because : `${because}: ${cause}`;
}

/** The rollback in a summary: also one after which the run went forward again (T2). */
export function rollbackWords({ rollback }: { readonly rollback: { readonly by: string; readonly since: number } | null }): string {
  return rollback === null ? 'None' : `Begun at ${shortTime(rollback.since, Date.now())} by ${rollback.by}, then applied again`;
}

/** Is the run being rolled back, or was it, so that its kept effects stand? A run that went forward again has them in its new pass. */
export function hasRollback({ state, resumeTo }: { readonly state: RunState; readonly resumeTo: string }): boolean {
  return isRollback(state) || ((state === 'SUSPENDING' || state === 'SUSPENDED') && resumeTo === 'REVERTING');
}

/** Progress of the rollback, over the atoms that it covers. Only of their states, so that a restored run has the same. */
export function rollbackProgress(rollback: RollbackScope | null, atoms: Iterable<RunAtom>): { done: number; total: number } {
  if (rollback === null) return { done: 0, total: 0 };
  const scope = rollback.atoms === 'all' ? null : new Set(rollback.atoms);
  let [done, open] = [0, 0];
  for (const atom of atoms) {
    if (scope !== null && !scope.has(atom.atom)) continue;
    if (atom.state === 'REVERTED' || atom.kept !== null) done += 1;
    else if (isUndoable(atom)) open += 1;
  }
  return { done, total: done + open };
}

const LINE_WORDS: { readonly [state: string]: string } = {
  PENDING: 'Never ran',
  SUCCESS: 'Applied',
  REVERTING: 'Reverting…',
  RUNNING: 'Running…',
};

/** Does a run in that state begin no attempt, although its atoms may have a time for one? */
export function isAtRest(state: RunState): boolean {
  return state !== 'PENDING' && state !== 'RUNNING' && state !== 'REVERTING';
}

/** How an atom is shown, besides its own state. */
export interface AtomShown {
  readonly look?: StateLook;
  /** Is the run paused or held? Then no attempt begins. */
  readonly isPaused?: boolean;
}

/** The line below a task's name: its state, attempts and duration. */
export function atomLine(
  atom: AtomSnapshot | undefined,
  { look = atom === undefined ? lookOf('PENDING') : lookOfAtom(atom), isPaused = false }: AtomShown = {},
): string {
  if (atom === undefined) return 'Never ran';
  if (atom.inDoubt === null && atom.kept === null) {
    if (atom.stopping > 0) return `${look.word}, its call is still ending`;
    if (atom.state === 'WAITING') return waitWords(atom.waiting, Date.now());
    if (atom.state === 'RETRYING') return retryLine(atom, isPaused);
    if (isRevertWaiting(atom)) return waitingRevertLine(atom, isPaused);
    if (atom.state === 'PENDING' && atom.attempt > 0) return isPaused ? 'Last attempt undone' : 'Begins again';
  }
  const word = look.word === lookOf(atom.state).word ? (LINE_WORDS[atom.state] ?? look.word) : look.word;
  const took =
    atom.kept === null && (atom.state === 'SUCCESS' || atom.state === 'FAILURE') && atom.endedAt > 0 && atom.startedAt > 0
      ? ` · ${durationWords(atom.endedAt - atom.startedAt)}`
      : '';
  return `${word}${took}`;
}

function retryLine({ notBefore }: AtomSnapshot, isPaused: boolean): string {
  if (isPaused) return 'Its next attempt is paused';
  return notBefore > 0 ? `Tries again at ${shortTime(notBefore, Date.now())}` : 'Tries again';
}

function waitingRevertLine({ waiting, notBefore }: AtomSnapshot, isPaused: boolean): string {
  if (waiting !== null) return 'Revert waits for a job';
  return isPaused ? 'Revert failed, paused' : `Revert failed, tries again at ${shortTime(notBefore, Date.now())}`;
}

/** What happened at the end time of an atom: an undone one has that of its revert. */
export function endWord(atom: Pick<AtomSnapshot, 'state' | 'stopping' | 'revertAttempt' | 'byHand'>): string {
  if (atom.stopping > 0) return 'Failed';
  if (atom.state === 'REVERT_FAILURE') return 'Revert failed';
  return atom.state === 'REVERTED' && (atom.revertAttempt > 0 || atom.byHand) ? 'Undone' : 'Ended';
}

/** The last attempt of the revert that was called; the attempt that a back-off waits for was not called. */
export function revertsCalled(atom: Pick<AtomSnapshot, 'state' | 'notBefore' | 'revertAttempt' | 'waiting'>): number {
  return isRevertWaiting(atom) && atom.waiting === null ? atom.revertAttempt - 1 : atom.revertAttempt;
}

type AtomEntry = Extract<Entry, { kind: 'ATOM' }>;

const MARK_WORDS: { readonly [mark: string]: string } = {
  STOPPING: 'was told to stop',
  ENDED: 'its call has ended',
};

/** The decision stands first, because a narrow list cuts the end. */
const DECISION_WORDS: { readonly [decision in RetryDecision]: string } = {
  RETRY: 'tries again',
  REVERT: 'does not try again',
  REVERT_ALL: 'reverts the whole run',
};

/** An entry in words: its subject, what happened, and its hue. */
export function entryWords(
  entry: Entry,
  nameOf: NameOf,
  retried?: ReadonlyMap<number, readonly string[]>,
): { readonly subject: string; readonly word: string; readonly hue: Hue } {
  switch (entry.kind) {
    case 'ATOM': {
      return { subject: nameOf(entry.atom), word: atomWord(entry), hue: isFailedRevert(entry) ? 'failed' : lookOf(entry.to).hue };
    }
    case 'RUN':
      return { subject: 'Run', word: lower(entry.to), hue: lookOf(entry.to).hue };
    case 'JOB':
      return {
        subject: entry.to === 'CLAIMED' ? `Claim · ${entry.actor.name}` : 'Job',
        word: entry.from === null ? 'posted' : entry.data?.attention === 'dead_lettered' ? 'given up' : lower(entry.to),
        hue: 'claimed',
      };
    case 'MARK':
      if (entry.mark === 'ASKED')
        return {
          subject: nameOf(entry.atom),
          word: `${DECISION_WORDS[entry.data?.decision ?? 'REVERT']} after the failure of ${nameOf(entry.data?.atom ?? '')}`,
          hue: entry.data?.decision === 'RETRY' ? 'running' : 'failed',
        };
      if (entry.mark === 'CAUGHT')
        return {
          subject: nameOf(entry.atom),
          word: `goes on at ${nameOf(entry.data?.to ?? '')}, caught the failure of ${nameOf(entry.data?.atom ?? '')}`,
          hue: 'revert',
        };
      return {
        subject: nameOf(entry.atom),
        word: MARK_WORDS[entry.mark] ?? lower(entry.mark),
        hue: entry.mark === 'KEPT' ? 'revert' : 'doubt',
      };
    case 'ACT':
      return {
        subject: entry.actor.name,
        word: actLine(entry, nameOf, retried?.get(entry.number)),
        hue: 'pending',
      };
    default:
      return { subject: String((entry as { kind: unknown }).kind), word: '', hue: 'pending' };
  }
}

function atomWord(entry: AtomEntry): string {
  const { data, from, to } = entry;
  if (to === 'REVERTED' && data?.byHand === true) return 'undone by hand';
  if (to === 'REVERTED' && from !== 'REVERTING') return 'nothing to undo';
  const attempt = data?.revertAttempt ?? 1;
  if (isFailedRevert(entry)) {
    const next = data?.notBefore === undefined ? '' : `, next at ${shortTime(data.notBefore, Date.now())}`;
    return `revert ${attempt - 1} failed${next}`;
  }
  if (to === 'REVERTING' && data?.waiting !== undefined) return 'revert waits for a job';
  if (to === 'REVERTING' && from === 'REVERTING' && data?.repeated !== true && attempt > 1) return `reverting, attempt ${attempt}`;
  const again = data?.repeated === true || from === to;
  return `${lower(to)}${again ? ' again' : ''}${data?.ending === true ? ', its call is still ending' : ''}`;
}

/** An attempt of a revert failed, and another attempt follows. */
function isFailedRevert({ data, from, to }: AtomEntry): boolean {
  return from === 'REVERTING' && to === 'REVERTING' && data?.failure !== undefined;
}

/** The owner of the claim after that entry, from the loaded entries; null when the job was not claimed. */
export function holderAt(entries: readonly Entry[], at: number): string | null {
  const last = entries.findLast((entry) => entry.kind === 'JOB' && entry.number <= at);
  return last?.kind === 'JOB' && last.to === 'CLAIMED' ? last.actor.name : null;
}

export function lower(word: string): string {
  return word.toLowerCase().replaceAll('_', ' ');
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
