// What a search means for a board: states as they are stored, flows by id, times as moments.
import type { AttentionReason, JobState, RunState } from '../../states.ts';
import type { JobSearch, SearchTerm } from './parse-search.ts';
import { statesOf } from './search-states.ts';
import type { SearchProblem } from './search-words.ts';

/** Which jobs: all that is given must hold, of a list any. */
export interface JobFilter {
  /** Of the board or of the run: their words are distinct. */
  readonly states?: readonly (JobState | RunState)[];
  readonly flows?: readonly string[];
  readonly versions?: readonly number[];
  /** Names of those who posted, in any case. */
  readonly by?: readonly string[];
  /** Posted at or after, and before, in ms since 1970. */
  readonly since?: number;
  readonly until?: number;
  /** True for any reason, false for none. */
  readonly attention?: boolean | readonly AttentionReason[];
  /** Values of scalar inputs at the top, written as text. */
  readonly inputs?: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** Free words; each is the value of any input, part of the name of one of `flows`, or the beginning of an id: `idStart`. */
  readonly texts?: readonly { readonly word: string; readonly flows: readonly string[]; readonly idStart: string | null }[];
}

interface Known {
  readonly now: number;
  /** Who `by:me` is. */
  readonly me: string;
  readonly flows: readonly { readonly id: string; readonly name: string }[];
}

/** Shorter beginnings are those of too many. */
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
      // A day or a minute that is named belongs to it.
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

/** By its id, its whole name in any case, or its beginning with a `*` behind. An id may be one of a flow that was removed. */
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
