// The quick chips above the jobs list: each writes a part of the search text. Only the text decides what is listed.
import { type SearchTerm, parseSearch, writeSearch } from '@windlass/engine/run';

export interface JobFilter {
  readonly id: string;
  readonly label: string;
  /** The text that it writes; it replaces the words for state and attention. */
  readonly search: string;
  readonly empty: string;
}

export const JOB_FILTERS = [
  { id: 'all', label: 'All', search: '', empty: 'No job has been launched yet. Open a flow and launch it; its job is then listed here.' },
  { id: 'running', label: 'Running', search: 'state:scheduled,unclaimed,claimed', empty: 'Nothing is running now.' },
  {
    id: 'attention',
    label: 'Needs attention',
    search: 'attention:any',
    empty: 'No job needs you: no job is held, in doubt or stopped in a rollback.',
  },
  { id: 'failed', label: 'Failed', search: 'state:failed,revert-failed', empty: 'No job has failed.' },
  { id: 'complete', label: 'Complete', search: 'state:complete', empty: 'No job is complete yet.' },
] as const satisfies readonly JobFilter[];

export type FilterId = (typeof JOB_FILTERS)[number]['id'];

const ATTENTION_WORDS: ReadonlyMap<string, string> = new Map([
  ['held', 'Held at a failure'],
  ['revert_failed', 'A revert failed'],
  ['in_doubt', 'In doubt'],
  ['approval', 'Waits for an approval'],
  ['dead_lettered', 'Given up'],
]);

/** Why a job needs a person, in words; an unknown reason is shown as it is. */
export function attentionWords(reason: string): string {
  return ATTENTION_WORDS.get(reason) ?? reason;
}

/** The terms of a text; empty when it cannot be parsed. */
export function termsOf(text: string): readonly SearchTerm[] {
  const search = parseSearch(text);
  return search.kind === 'search' ? search.terms : [];
}

/** The text of one term, as a chip shows it. */
export function wordsOf(term: SearchTerm): string {
  return writeSearch([term]);
}

/** The text with all terms of those kinds replaced by others, which come first. */
export function replaced(text: string, kinds: readonly SearchTerm['kind'][], by: string): string {
  const others = termsOf(text).filter(({ kind }) => !kinds.includes(kind));
  return writeSearch([...termsOf(by), ...others]);
}

/** Removes the term at that position. */
export function without(text: string, gone: SearchTerm): string {
  return writeSearch(termsOf(text).filter(({ start }) => start !== gone.start));
}

const QUICK: readonly SearchTerm['kind'][] = ['state', 'attention'];

export function choose(text: string, filter: JobFilter): string {
  return replaced(text, QUICK, filter.search);
}

/** The quick chip that matches a text; null when the text has other words for state or attention. */
export function chosenIn(text: string): FilterId | null {
  const quick = writeSearch(termsOf(text).filter(({ kind }) => QUICK.includes(kind)));
  return JOB_FILTERS.find(({ search }) => search === quick)?.id ?? null;
}

/** The terms of the text that no quick chip writes. */
export function restOf(text: string): readonly SearchTerm[] {
  return termsOf(text).filter(({ kind }) => !QUICK.includes(kind));
}
