// A trouble of a run in words. The cause may be long, because it holds what programs print; the rest is always whole.
import type { Trouble } from '@windlass/engine/run';

/** Longest cause of a banner, in characters; the inspector has it whole. */
const MOST_CAUSE = 240;

const UNDONE = {
  ending: 'A call has not ended yet. The rollback waits until the call has ended.',
  going: 'The rollback is under way.',
  done: 'The tasks before it were undone.',
  partly: 'Some of the tasks before it were undone.',
  nothingToUndo: 'No other task had to be undone.',
  allStand: 'No other task was undone.',
  noRollback: '',
} as const;

export interface TroubleWords {
  readonly title: string;
  readonly cause: string;
  /** The state of the other tasks, or the act that a person has to do. */
  readonly sentence: string;
}

export function troubleWords(trouble: Trouble, nameOf: (id: string) => string): TroubleWords {
  const { cause } = trouble;
  switch (trouble.kind) {
    case 'held':
      return { title: `${nameOf(trouble.atom)} failed`, cause, sentence: 'Nothing was undone. The job waits for you.' };
    case 'failed':
      return { title: `${nameOf(trouble.atom)} failed`, cause, sentence: UNDONE[trouble.undone] };
    case 'revertFailed':
      return {
        title: `${nameOf(trouble.atom)} could not be reverted`,
        cause,
        sentence: 'Its effect still stands, and the rollback waits for you.',
      };
    case 'doubt':
      return {
        title: `${nameOf(trouble.atom)} is in doubt`,
        cause,
        sentence: 'Find out what really happened, then say it here.',
      };
    case 'cancelled':
      return { title: 'Cancelled and held', cause, sentence: 'Nothing was undone.' };
  }
}

/** The beginning of a long cause. */
export function shortCause(cause: string): string {
  return cause.length <= MOST_CAUSE ? cause : `${cause.slice(0, MOST_CAUSE - 1).trimEnd()}…`;
}
