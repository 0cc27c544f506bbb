// Which jobs a list shows, as chips.
import type { JobState } from '@windlass/engine';

export interface JobFilter {
  readonly id: string;
  readonly label: string;
  readonly query: { readonly states?: JobState[]; readonly attention?: boolean };
  readonly empty: string;
}

export const JOB_FILTERS = [
  { id: 'all', label: 'All', query: {}, empty: 'No job has been launched yet. Open a flow and launch it; its job is then listed here.' },
  { id: 'running', label: 'Running', query: { states: ['SCHEDULED', 'UNCLAIMED', 'CLAIMED'] }, empty: 'Nothing is running now.' },
  {
    id: 'attention',
    label: 'Needs attention',
    query: { attention: true },
    empty: 'No job needs you: nothing is held, in doubt or stopped in a rollback.',
  },
  { id: 'complete', label: 'Complete', query: { states: ['COMPLETE'] }, empty: 'No job is complete yet.' },
] as const satisfies readonly JobFilter[];

export type FilterId = (typeof JOB_FILTERS)[number]['id'];

const ATTENTION_WORDS: ReadonlyMap<string, string> = new Map([
  ['held', 'Held at a failure'],
  ['revert_failed', 'A revert failed'],
  ['in_doubt', 'In doubt'],
  ['approval', 'Waits for an approval'],
  ['dead_lettered', 'Given up after lost conductors'],
]);

/** Why a job asks for a person, in words; a reason that is not known here is shown raw. */
export function attentionWords(reason: string): string {
  return ATTENTION_WORDS.get(reason) ?? reason;
}
