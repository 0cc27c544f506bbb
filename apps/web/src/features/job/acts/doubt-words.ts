// The answers that a doubt takes (A4), with the effect of each in words. The engine says which; the words depend on the call in doubt.
import type { Doubt, DoubtedCall } from '@windlass/engine/run';

export type DoubtAnswer = 'happened' | 'repeat' | 'failed';

export interface DoubtChoice {
  readonly answer: DoubtAnswer;
  readonly button: string;
  /** The effect of the answer. */
  readonly does: string;
  /** Are outputs given with it? */
  readonly givesOutputs: boolean;
}

const BUTTONS = { happened: 'It happened', repeat: 'Repeat it', failed: 'It failed' } as const;

const APPLIED = 'The task counts as done, with the outputs that you give, and is not called again.';
const ENDED = 'The call counts as ended, and a rollback no longer waits for it.';

const EFFECTS: { readonly [call in DoubtedCall]: { readonly [answer in DoubtAnswer]: string } } = {
  apply: {
    happened: APPLIED,
    repeat: 'The same attempt is called again, with the same key. Choose this if doing it twice does no harm.',
    failed: 'The task counts as failed, and the flow handles the failure as usual.',
  },
  endedApply: {
    happened: `${APPLIED} Its revert gets them.`,
    repeat: '',
    failed: 'The task counts as failed. Its revert gets the failure instead of an output.',
  },
  failedApply: {
    happened: `${ENDED} The task has failed, so a rollback calls its revert without an output.`,
    repeat: '',
    failed: `${ENDED} A rollback calls its revert all the same.`,
  },
  revert: {
    happened: 'The task counts as reverted, and its revert is not called again.',
    repeat: 'Its revert is called again, with the same key. Choose this if doing it twice does no harm.',
    failed: 'Its revert counts as failed. Then you can try it again, mark the task as reverted, or keep its effect.',
  },
  failedRevert: {
    happened: 'The task counts as reverted, and its revert is not called again.',
    repeat: '',
    failed: `${ENDED} That attempt of its revert stays failed.`,
  },
};

/** The answers that the engine accepts now. None when the doubt has just been settled. */
export function doubtChoices(doubt: Pick<Doubt, 'call' | 'mayRepeat'> | null): readonly DoubtChoice[] {
  if (doubt === null) return [];
  const { call, mayRepeat } = doubt;
  const answers: readonly DoubtAnswer[] = mayRepeat ? ['happened', 'repeat', 'failed'] : ['happened', 'failed'];
  return answers.map((answer) => ({
    answer,
    button: BUTTONS[answer],
    does: EFFECTS[call][answer],
    givesOutputs: answer === 'happened' && (call === 'apply' || call === 'endedApply'),
  }));
}
