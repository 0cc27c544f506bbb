// The words for states in a search, and the states that each word stands for: of the run, or of the job on the board.
import { ATTENTION_REASONS, type AttentionReason, JOB_STATES, type JobState, RUN_STATES, type RunState } from '../../states.ts';

const SPOKEN: ReadonlyMap<string, readonly (JobState | RunState)[]> = new Map<string, readonly (JobState | RunState)[]>([
  ['failed', ['FAILURE']],
  ['succeeded', ['SUCCESS']],
  ['paused', ['SUSPENDING', 'SUSPENDED']],
]);

/** The states that a word stands for. A state's own name is a word too, in any case and with `-` for `_`. */
export function statesOf(word: string): readonly (JobState | RunState)[] | undefined {
  const spoken = SPOKEN.get(word.toLowerCase());
  if (spoken !== undefined) return spoken;
  const upper = upperSnake(word);
  const state = [...RUN_STATES, ...JOB_STATES].find((one) => one === upper);
  return state === undefined ? undefined : [state];
}

export function reasonOf(word: string): AttentionReason | undefined {
  const lower = word.toLowerCase().replaceAll('-', '_');
  return ATTENTION_REASONS.find((reason) => reason === lower);
}

/** Every word for a state, in the order in which they are suggested. */
export const STATE_WORDS: readonly string[] = [
  ...SPOKEN.keys(),
  ...[...RUN_STATES, ...JOB_STATES].filter((state) => state !== 'FAILURE' && state !== 'SUCCESS').map(spokenOf),
];
export const REASON_WORDS: readonly string[] = ATTENTION_REASONS.map((reason) => reason.replaceAll('_', '-'));

function upperSnake(word: string): string {
  return word.toUpperCase().replaceAll('-', '_');
}

function spokenOf(state: string): string {
  return state.toLowerCase().replaceAll('_', '-');
}
