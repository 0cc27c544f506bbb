import type { AtomIndex } from '../graph/index-spaces.ts';
// The heaps of a run's agenda; agenda.ts says what the times mean.

/** `limit`: of a call. `backoff`: of a revert that is tried again. `wait`: of a timer, approval, signal, job or retry. */
export type HeapName = 'limit' | 'backoff' | 'wait';

export interface Hint {
  readonly at: number;
  readonly atom: AtomIndex;
}

/** The heaps of one run. */
export type Agenda = { readonly [name in HeapName]: Hint[] };

export function emptyAgenda(): Agenda {
  return { limit: [], backoff: [], wait: [] };
}
