// Turns a parsed search into a filter for a board: stored states, flow ids and times in milliseconds.
import type { AttentionReason, JobState, RunState } from '../../states.ts';
import type { JobSearch, SearchTerm } from './parse-search.ts';
import { statesOf } from './search-states.ts';
import type { SearchProblem } from './search-words.ts';

/** Conditions on jobs: a job must meet all given fields, and in a field with a list, any one value. */
export interface JobFilter {
  /** States of the job or of its run; the two use different words. */
  readonly states?: readonly (JobState | RunState)[];
  readonly flows?: readonly string[];
  readonly versions?: readonly number[];
  /** Names of the people who posted the job, in any case. */
  readonly by?: readonly string[];
  /** Posted at or after `since` and before `until`, in milliseconds since 1970. */
  readonly since?: number;
  readonly until?: number;
  /** True: under attention for any reason. False: not under attention. */
  readonly attention?: boolean | readonly AttentionReason[];
  /** Values, as text, of inputs that are scalars. */
  readonly inputs?: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** Free words. Each matches the value of any input, part of the name of one of `flows`, or the start of a job id: `idStart`. */
  readonly texts?: readonly { readonly word: string; readonly flows: readonly string[]; readonly idStart: string | null }[];
}

interface Known {
  readonly now: number;
  /** The person that `by:me` stands for. */
  readonly me: string;
  readonly flows: readonly { readonly id: string; readonly name: string }[];
}

/** A shorter start of an id would match too many jobs. */
const ID_START = /^job_[0-9a-z]{4,}$/;

export function filterOf({ terms }: JobSearch, known: Known): { readonly kind: 'filter'; readonly filter: JobFilter } | SearchProblem {
  let filter: JobFilter = {};
  for (const term of terms) {
    const added = conditionOf(term, filter, known);
    if ('kind' in added) return added;
    filter = { ...filter, ...added };
  }
  return { kind: 'filter', filter };
}

function conditionOf(term: SearchTerm, filter: JobFilter, { now, me, flows }: Known): JobFilter | SearchProblem {
  switch (term.kind) {
    case 'state':
      return { states: [...new Set(term.words.flatMap((word) => statesOf(word) ?? []))] };
    case 'flow': {
      const found = term.words.map((word) => ({ word, ids: flowsCalled(word, flows) }));
      const unknown = found.find(({ ids }) => ids.length === 0);
      if (unknown) return { kind: 'problem', message: `No flow is called “${unknown.word}”.`, start: term.start, end: term.end };
      return { flows: [...new Set(found.flatMap(({ ids }) => ids))] };
    }
    case 'version':
      return { versions: term.versions };
    case 'by':
      return { by: term.words.map((word) => (word.toLowerCase() === 'me' ? me : word)) };
    case 'since':
      return { since: term.time.kind === 'ago' ? now - term.time.ms : term.time.time };
    case 'until':
      // `until` a named day or minute includes that day or minute.
      return { until: term.time.kind === 'ago' ? now - term.time.ms : term.time.time + term.time.lasts };
    case 'attention':
      return { attention: typeof term.reasons === 'string' ? term.reasons === 'any' : term.reasons };
    case 'input':
      return { inputs: [...(filter.inputs ?? []), { name: term.name, values: term.words }] };
    case 'text': {
      const part = term.word.toLowerCase();
      const ids = flows.filter(({ name }) => name.toLowerCase().includes(part)).map(({ id }) => id);
      return { texts: [...(filter.texts ?? []), { word: term.word, flows: ids, idStart: ID_START.test(part) ? part : null }] };
    }
  }
}

/** Flows by id, by full name in any case, or by the start of the name before a `*`. An id may belong to a removed flow. */
function flowsCalled(word: string, flows: Known['flows']): readonly string[] {
  const wanted = word.toLowerCase();
  const start = wanted.endsWith('*') ? wanted.slice(0, -1) : null;
  const named = flows.filter(({ id, name }) => {
    const own = name.toLowerCase();
    return id === word || own === wanted || (start !== null && own.startsWith(start));
  });
  if (named.length > 0) return named.map(({ id }) => id);
  return /^flow_[0-9a-z]+$/.test(word) ? [word] : [];
}
