// A search on the wire, and the filter that the search means at this time for this person.
import { EngineError } from '@windlass/engine/ports';
import { type JobFilter, SEARCH_LIMITS, filterOf, parseSearch } from '@windlass/engine/run';
import { z } from 'zod';
import type { Context } from '../context.ts';

export const searchText = z.string().max(SEARCH_LIMITS.length);

interface Asking extends Pick<Context['services'], 'flows' | 'now'> {
  readonly actor: { readonly name: string };
}

/** Throws SEARCH_INVALID with a sentence and its place in the text. */
export async function searchedFor(text: string, { flows, now, actor }: Asking): Promise<JobFilter> {
  const search = parseSearch(text);
  if (search.kind === 'problem') throw invalid(search);
  const needsFlows = search.terms.some(({ kind }) => kind === 'flow' || kind === 'text');
  const meant = filterOf(search, { now: now(), me: actor.name, flows: needsFlows ? await flows.list() : [] });
  if (meant.kind === 'problem') throw invalid(meant);
  return meant.filter;
}

function invalid({ message, start, end }: { readonly message: string; readonly start: number; readonly end: number }): EngineError {
  return new EngineError('SEARCH_INVALID', `${message} (Characters ${start + 1} to ${end} of the search.)`);
}
