import type { AtomIndex } from '../graph/index-spaces.ts';
// The heaps of a run's agenda; agenda.ts says what the times mean.

/**
 * `limit`: of a call. `backoff`: of a revert that is tried again. `wait`: of a timer, approval, signal, job or retry. `wall`: of a
 * wait until a time that a person gave, by the wall clock.
 */
export type HeapName = 'limit' | 'backoff' | 'wait' | 'wall';

/** Share of the passed time by which the conductor's time goes on while it is ahead of the wall clock. */
export const SLOWED = 0.95;

/** The wall clock was set forward; the time of the conductor followed it. */
export interface ClockJump {
  /** The time just after the jump. */
  readonly at: number;
  readonly by: number;
}

export interface Hint {
  readonly at: number;
  readonly atom: AtomIndex;
}

/** The heaps of one run. */
export interface Agenda extends Readonly<Record<HeapName, Hint[]>> {
  /** Jumps of the clock that this process has seen; they are not in the logbook. */
  jumps: readonly ClockJump[];
}

export function emptyAgenda(): Agenda {
  return { limit: [], backoff: [], wait: [], wall: [], jumps: [] };
}
