// How every state looks: hue, icon and word together, never colour alone. A state that this table does not know is
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
  IGNORE: { hue: 'ignored', icon: 'skip', word: 'Skipped', pattern: 'none' },
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
};

/** The look of a state, known or not. */
export function lookOf(state: string): StateLook {
  return LOOKS[state] ?? { hue: 'pending', icon: 'question', word: state, pattern: 'none' };
}

/** The look of an atom: a doubt or a pin says more than its state. */
export function lookOfAtom(atom: { readonly state: string; readonly kept?: string | null; readonly inDoubt?: string | null }): StateLook {
  if (atom.inDoubt) return lookOf('IN_DOUBT');
  if (atom.kept) return lookOf('KEPT');
  return lookOf(atom.state);
}

/** CSS variables of a hue. */
export function hueVar(hue: Hue, part: 'fg' | 'line' | 'bg' | 'solid'): string {
  return `var(--st-${hue}-${part})`;
}
