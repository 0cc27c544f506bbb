// The look of every state: hue, icon and word together, never only the colour. A state that this table does not know is
// grey with its raw name.

export type Hue = 'pending' | 'claimed' | 'waiting' | 'running' | 'success' | 'failed' | 'doubt' | 'ignored' | 'revert';
export type StateIconName =
  | 'circle'
  | 'flag'
  | 'hourglass'
  | 'spin'
  | 'retry'
  | 'check'
  | 'cross'
  | 'question'
  | 'skip'
  | 'undo'
  | 'undoFailed'
  | 'pin'
  | 'pause';

export interface StateLook {
  readonly hue: Hue;
  readonly icon: StateIconName;
  readonly word: string;
  /** Beside the hue: a hatch, a hollow shape, or none. */
  readonly pattern: 'none' | 'hatch' | 'hollow' | 'hatchFailed' | 'dashed';
}

const LOOKS: { readonly [state: string]: StateLook } = {
  PENDING: { hue: 'pending', icon: 'circle', word: 'Pending', pattern: 'dashed' },
  WAITING: { hue: 'waiting', icon: 'hourglass', word: 'Waiting', pattern: 'none' },
  RUNNING: { hue: 'running', icon: 'spin', word: 'Running', pattern: 'none' },
  RETRYING: { hue: 'running', icon: 'retry', word: 'Retrying', pattern: 'none' },
  SUCCESS: { hue: 'success', icon: 'check', word: 'Succeeded', pattern: 'none' },
  FAILURE: { hue: 'failed', icon: 'cross', word: 'Failed', pattern: 'none' },
  IGNORE: { hue: 'ignored', icon: 'skip', word: 'Ignored', pattern: 'none' },
  REVERTING: { hue: 'revert', icon: 'undo', word: 'Reverting', pattern: 'hatch' },
  REVERTED: { hue: 'revert', icon: 'undo', word: 'Reverted', pattern: 'hollow' },
  REVERT_FAILURE: { hue: 'failed', icon: 'undoFailed', word: 'Revert failed', pattern: 'hatchFailed' },
  KEPT: { hue: 'revert', icon: 'pin', word: 'Kept', pattern: 'none' },
  IN_DOUBT: { hue: 'doubt', icon: 'question', word: 'In doubt', pattern: 'none' },
  SUSPENDING: { hue: 'waiting', icon: 'pause', word: 'Pausing', pattern: 'none' },
  SUSPENDED: { hue: 'waiting', icon: 'pause', word: 'Paused', pattern: 'none' },
  PARTIALLY_REVERTED: { hue: 'revert', icon: 'pin', word: 'Partially reverted', pattern: 'hollow' },
  REVERT_FAILED: { hue: 'failed', icon: 'undoFailed', word: 'Revert failed', pattern: 'hatchFailed' },
  SCHEDULED: { hue: 'claimed', icon: 'hourglass', word: 'Scheduled', pattern: 'none' },
  UNCLAIMED: { hue: 'claimed', icon: 'flag', word: 'Unclaimed', pattern: 'none' },
  CLAIMED: { hue: 'claimed', icon: 'flag', word: 'Claimed', pattern: 'none' },
  COMPLETE: { hue: 'pending', icon: 'check', word: 'Complete', pattern: 'none' },
  TRASHED: { hue: 'ignored', icon: 'skip', word: 'Trashed', pattern: 'none' },
  GIVEN_UP: { hue: 'failed', icon: 'cross', word: 'Given up', pattern: 'none' },
  INTERRUPTED: { hue: 'doubt', icon: 'question', word: 'Interrupted', pattern: 'none' },
};

/** The look of a state, known or not. */
export function lookOf(state: string): StateLook {
  return LOOKS[state] ?? { hue: 'pending', icon: 'question', word: state, pattern: 'none' };
}

/** The state that a job is shown in: that of its run, or GIVEN_UP for a dead letter, because no conductor works on it. */
export function shownState({ run, attention }: { readonly run: string; readonly attention: string | null }): string {
  return attention === 'dead_lettered' ? 'GIVEN_UP' : run;
}

/** Is the run in that state being rolled back, or was it? */
export function isRollback(run: string): boolean {
  return run === 'REVERTING' || run === 'REVERTED' || run === 'PARTIALLY_REVERTED' || run === 'REVERT_FAILED';
}

/** The parts of an atom that its look depends on. */
export interface AtomLook {
  readonly state: string;
  readonly kept?: string | null;
  readonly inDoubt?: string | null;
  readonly failure?: unknown;
  readonly applied?: boolean;
  readonly revertAttempt?: number;
  readonly byHand?: boolean;
  readonly notBefore?: number;
  readonly waiting?: unknown;
}

/** The look of an atom: a doubt, a pin or a failure says more than its state. */
export function lookOfAtom(atom: AtomLook): StateLook {
  if (atom.inDoubt) return lookOf('IN_DOUBT');
  if (atom.kept) return lookOf('KEPT');
  if (isRevertWaiting(atom)) {
    const word = atom.waiting == null ? 'Waits to try again' : 'Waits for a job';
    return { ...lookOf('REVERTING'), icon: 'hourglass', pattern: 'dashed', word };
  }
  if (atom.state === 'REVERTED' && atom.failure != null) return { ...lookOf('FAILURE'), word: undoneWord(atom), pattern: 'hollow' };
  // Only a failed atom can be skipped, and it keeps its failure; an ignored one never ran.
  if (atom.state === 'IGNORE' && atom.failure != null) return { ...lookOf('IGNORE'), word: 'Skipped' };
  if (atom.state === 'REVERTED' && atom.byHand === true) return { ...lookOf('REVERTED'), word: 'Undone by hand' };
  if (atom.state === 'REVERTED' && atom.revertAttempt === 0) return { ...lookOf('REVERTED'), icon: 'check', word: 'Nothing to undo' };
  return lookOf(atom.state);
}

/** Does the revert wait for its next attempt, or for a job that it rolls back? Then no call is under way. */
export function isRevertWaiting({ state, notBefore = 0 }: AtomLook): boolean {
  return state === 'REVERTING' && notBefore > 0;
}

/** After a rollback, a failed atom is shown as failed first, and then as undone. */
function undoneWord({ applied, revertAttempt, byHand }: AtomLook): string {
  if (applied === false) return 'Never started';
  if (byHand === true) return 'Failed, then undone by hand';
  return (revertAttempt ?? 0) > 0 ? 'Failed, then reverted' : 'Failed, nothing to undo';
}

/** The look of an atom of a dead letter: no call is under way. */
export function lookInDeadLetter(atom: AtomLook): StateLook {
  const isUnderWay = !atom.inDoubt && !atom.kept && (atom.state === 'RUNNING' || atom.state === 'REVERTING');
  return isUnderWay ? lookOf('INTERRUPTED') : lookOfAtom(atom);
}

/** CSS variables of a hue. */
export function hueVar(hue: Hue, part: 'fg' | 'line' | 'bg' | 'solid'): string {
  return `var(--st-${hue}-${part})`;
}
