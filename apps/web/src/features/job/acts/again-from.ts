// From which task on a job that was rolled back is applied again. Pure.
import type { AtomSnapshot } from '@windlass/engine/run';

/** The first task that is applied anew, in the order of `tasks`; null where no task stands, because then it begins at the start. */
export function againFrom(tasks: readonly Pick<AtomSnapshot, 'atom' | 'state'>[]): string | null {
  if (!tasks.some(({ state }) => state === 'SUCCESS')) return null;
  return tasks.find(({ state }) => state === 'REVERTED' || state === 'FAILURE' || state === 'PENDING')?.atom ?? null;
}
