// How a launched job ended, in words that complete the sentence "The launched job …".
import type { AttentionReason, JobRow } from '@windlass/engine/run';

const ATTENTION_WORDS: { readonly [reason in AttentionReason]: string } = {
  held: 'is held at a failure, and a person has to decide',
  revert_failed: 'has a revert that failed, and a person has to decide',
  in_doubt: 'has a task whose outcome is not known, and a person has to say it',
  approval: 'waits for an approval',
  dead_lettered: 'was given up, and a person has to decide',
};

/** Why the job goes on only after a person has acted. */
export function attentionWords(reason: AttentionReason): string {
  return ATTENTION_WORDS[reason];
}

/** How a job ended whose effects are undone: `forward` is what its row says of the way forward. */
export function undoneWords({ forward }: Pick<JobRow, 'forward'>): string {
  if (forward === '') return 'was rolled back';
  if (forward === 'cancelled') return 'was cancelled';
  if (forward === 'past its deadline') return 'went past its deadline';
  return forward.startsWith('failed at ') ? forward : `${forward}, and was rolled back afterwards`;
}
