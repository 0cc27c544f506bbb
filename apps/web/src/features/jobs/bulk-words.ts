// Bulk acts in words.
import type { BulkAct, BulkAction, BulkJob } from '@windlass/engine/run';

export type BulkKind = BulkAction['kind'];

/** The acts in the order of their buttons. `look` marks acts that end something. */
export const BULK_ACTS = [
  { kind: 'SUSPEND', label: 'Pause', verb: 'Pause', hint: 'Running tasks are awaited, and no further task starts.' },
  { kind: 'RESUME', label: 'Resume', verb: 'Resume', hint: 'Paused jobs go on.' },
  {
    kind: 'RETRY_FAILED',
    label: 'Retry failed',
    verb: 'Retry',
    hint: 'For jobs held at a failure: the failed tasks are undone and applied again.',
  },
  { kind: 'TRY_AGAIN', label: 'Try again', verb: 'Try again', hint: 'Jobs that were given up are carried out again.' },
  { kind: 'CANCEL', label: 'Cancel', verb: 'Cancel', hint: 'Running tasks are aborted.' },
] as const satisfies readonly { readonly kind: BulkKind; readonly label: string; readonly verb: string; readonly hint: string }[];

export function jobsWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'job' : 'jobs'}`;
}

/** `Cancel 12 jobs`. */
export function bulkTitle({ act, total }: Pick<BulkAct, 'act' | 'total'>): string {
  return `${BULK_ACTS.find(({ kind }) => kind === act.kind)?.verb ?? act.kind} ${jobsWords(total)}`;
}

/** Progress of a bulk act; an unknown state is shown as it is. */
export function bulkStateWords({ state, total, outcomes }: Pick<BulkAct, 'state' | 'total' | 'outcomes'>): string {
  const gone = outcomes.done + outcomes.refused + outcomes.failed;
  switch (state) {
    case 'ENDED':
      return 'Ended';
    case 'STOPPED':
      return `Stopped after ${gone} of ${total}`;
    case 'RUNNING':
      return `${gone} of ${total}`;
    case 'PREPARING':
      return 'The jobs are being stored; nothing is done yet';
    default:
      return state;
  }
}

export function outcomeWords(outcome: BulkJob['outcome']): string {
  return outcome ?? 'waits';
}
