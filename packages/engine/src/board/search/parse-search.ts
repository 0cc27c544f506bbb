// The search language of the jobs list. The screen and the server use this same parser:
//   state:failed,reverted flow:"Release a site" version:3 by:ada since:2h until:2026-11-01 attention:any input.region:eu words
//
// 1. A job must match all words; of several values of one word it must match any.
// 2. A key may appear once, `input.NAME` once per name, free words as often as wanted.
// 3. A part that cannot be parsed gives one sentence with its position. It is never ignored, because the list would then show
//    jobs that the search should exclude.
// 4. Parsing the output of `writeSearch` gives the same terms.
import type { AttentionReason } from '../../states.ts';
import { REASON_WORDS, reasonOf, STATE_WORDS, statesOf } from './search-states.ts';
import { type SearchTime, timeOf } from './search-times.ts';
import { type SearchProblem, type SearchWord, type WrittenValue, wordsOf, writtenOf } from './search-words.ts';

/** One condition of a search, with its position in the text. */
export type SearchTerm = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'state' | 'flow' | 'by'; readonly words: readonly string[] }
  | { readonly kind: 'version'; readonly versions: readonly number[] }
  | { readonly kind: 'since' | 'until'; readonly time: SearchTime }
  | { readonly kind: 'attention'; readonly reasons: 'any' | 'none' | readonly AttentionReason[] }
  | { readonly kind: 'input'; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: 'text'; readonly word: string }
);
export interface JobSearch {
  readonly kind: 'search';
  readonly terms: readonly SearchTerm[];
}

/** The keys of the language, in the order in which they are suggested. */
export const SEARCH_KEYS = ['state', 'flow', 'version', 'by', 'since', 'until', 'attention', 'input'] as const;
/** Largest length of a search, number of words, and number of values of one word. */
export const SEARCH_LIMITS = { length: 1_000, words: 20, values: 20 };

export function parseSearch(text: string): JobSearch | SearchProblem {
  if (text.length > SEARCH_LIMITS.length)
    return problem(`A search has at most ${SEARCH_LIMITS.length} characters.`, { start: 0, end: text.length });
  const words = wordsOf(text);
  if ('kind' in words) return words;
  const tooMany = words[SEARCH_LIMITS.words];
  if (tooMany !== undefined) return problem(`A search has at most ${SEARCH_LIMITS.words} words.`, tooMany);
  const terms: SearchTerm[] = [];
  const seen = new Set<string>();
  for (const word of words) {
    const term = termOf(word);
    if (term.kind === 'problem') return term;
    const once = term.kind === 'input' ? `input.${term.name}` : term.kind;
    if (term.kind !== 'text' && seen.has(once)) {
      const cure = isList(term) ? `write ${once}:one,another for any of several` : 'give one value';
      return problem(`${once} is given twice; ${cure}.`, word);
    }
    seen.add(once);
    terms.push(term);
  }
  return { kind: 'search', terms };
}

/** Writes terms as text. */
export function writeSearch(terms: readonly SearchTerm[]): string {
  return terms.map(writeTerm).join(' ');
}

function writeTerm(term: SearchTerm): string {
  switch (term.kind) {
    case 'state':
    case 'flow':
    case 'by':
      return `${term.kind}:${list(term.words)}`;
    case 'version':
      return `version:${term.versions.join(',')}`;
    case 'since':
    case 'until':
      return `${term.kind}:${writtenOf(term.time.word)}`;
    case 'attention':
      return `attention:${typeof term.reasons === 'string' ? term.reasons : term.reasons.map((one) => one.replaceAll('_', '-')).join(',')}`;
    case 'input':
      return `input.${writtenOf(term.name)}:${list(term.words)}`;
    case 'text':
      return writtenOf(term.word);
  }
}

function list(words: readonly string[]): string {
  return words.map(writtenOf).join(',');
}

function isList({ kind }: SearchTerm): boolean {
  return kind !== 'since' && kind !== 'until';
}

function termOf(word: SearchWord): SearchTerm | SearchProblem {
  const { key, values, start, end } = word;
  const [first] = values;
  if (first === undefined) return problem('A value is missing here.', word);
  if (key === null)
    return first.value === ''
      ? problem('The quotes are empty, so they match nothing.', word)
      : { kind: 'text', word: first.value, start, end };
  const empty = values.find(({ value }) => value === '');
  if (empty !== undefined) return problem(`${key}: needs a value here${exampleOf(key)}.`, { start, end });
  if (values.length > SEARCH_LIMITS.values) return problem(`${key} has at most ${SEARCH_LIMITS.values} values.`, word);
  const [name, ...path] = key.split('.');
  const lower = (name ?? '').toLowerCase();
  if (lower === 'input') return inputOf(word, path.join('.'));
  if (path.length > 0) return problem(`${name} takes no name after a dot; only input.NAME does.`, word);
  return knownTerm(lower, word, first);
}

function knownTerm(key: string, word: SearchWord, first: WrittenValue): SearchTerm | SearchProblem {
  const { values, start, end } = word;
  switch (key) {
    case 'state': {
      const unknown = values.find(({ value }) => statesOf(value) === undefined);
      if (unknown) return problem(`“${unknown.value}” is not a state; states are ${STATE_WORDS.join(', ')}.`, unknown);
      return { kind: 'state', words: texts(values), start, end };
    }
    case 'flow':
    case 'by':
      return { kind: key, words: texts(values), start, end };
    case 'version': {
      const wrong = values.find(({ value }) => !/^[1-9]\d{0,8}$/.test(value));
      if (wrong) return problem(`“${wrong.value}” is not a version; a version is a number from 1.`, wrong);
      return { kind: 'version', versions: values.map(({ value }) => Number(value)), start, end };
    }
    case 'since':
    case 'until': {
      const time = values.length === 1 ? timeOf(first.value) : undefined;
      if (time === undefined) return problem(`${key} takes one time, such as 30m, 2h, 7d, 2026-11-01 or 2026-11-01T08:30 (UTC).`, word);
      return { kind: key, time, start, end };
    }
    case 'attention':
      return attentionOf(word, first);
    default:
      return problem(
        `“${key}” is not a search key; keys are ${SEARCH_KEYS.join(', ').replace(/input$/, 'input.NAME')}. Put quotes around text that contains a colon.`,
        {
          start,
          end: start + (word.key?.length ?? 0),
        },
      );
  }
}

function attentionOf({ values, start, end }: SearchWord, { value }: WrittenValue): SearchTerm | SearchProblem {
  const lower = value.toLowerCase();
  if (values.length === 1 && (lower === 'any' || lower === 'none')) return { kind: 'attention', reasons: lower, start, end };
  const reasons: AttentionReason[] = [];
  for (const one of values) {
    const reason = reasonOf(one.value);
    if (reason === undefined)
      return problem(`“${one.value}” is not a reason for attention; use any, none, or ${REASON_WORDS.join(', ')}.`, one);
    reasons.push(reason);
  }
  return { kind: 'attention', reasons, start, end };
}

function inputOf(word: SearchWord, written: string): SearchTerm | SearchProblem {
  const { values, start, end } = word;
  const unquoted = /^"((?:[^"\\]|\\.)*)"$/.exec(written);
  const name = unquoted === null ? written : (unquoted[1] ?? '').replace(/\\(.)/g, '$1');
  if (name === '') return problem('Name the input, such as input.region:eu.', word);
  return { kind: 'input', name, words: texts(values), start, end };
}

function texts(values: readonly WrittenValue[]): string[] {
  return values.map(({ value }) => value);
}

function exampleOf(key: string): string {
  const examples: Readonly<Record<string, string>> = {
    state: 'failed',
    flow: '"Release a site"',
    version: '3',
    by: 'ada',
    since: '2h',
    until: '2026-11-01',
    attention: 'any',
  };
  const example = examples[key.toLowerCase()];
  return example === undefined ? '' : `, such as ${key}:${example}`;
}

function problem(message: string, { start, end }: { readonly start: number; readonly end: number }): SearchProblem {
  return { kind: 'problem', message, start, end };
}
