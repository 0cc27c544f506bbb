import type { Run } from '@windlass/engine/run';

/** Was the job given up (SEMANTICS J4)? Then no conductor works on it until a person acts. */
export function isGivenUp({ job, attention }: Pick<Run, 'job' | 'attention'>): boolean {
  return job === 'WAITING' && attention === 'dead_lettered';
}
