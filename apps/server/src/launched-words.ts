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

/** Words for a job whose effects are undone: its forward outcome, and the rollback if the outcome alone does not imply it. */
export function undoneWords({ forward, forwardKind }: Pick<JobRow, 'forward' | 'forwardKind'>): string {
  switch (forwardKind) {
    case null:
      return 'was rolled back';
    case 'cancelled':
      return 'was cancelled';
    case 'overdue':
      return 'went past its deadline';
    case 'failed':
      return forward;
    case 'succeeded':
      return `${forward}, and was rolled back afterwards`;
  }
}
