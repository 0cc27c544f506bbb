// Other jobs whose end a run waits for (P9).
import type { Run } from './run.ts';

/** A job that has ended or is not on the board, or that goes on only after a person has acted. */
export interface RestingJob {
  readonly job: string;
  readonly hasEnded: boolean;
}

/** Jobs that atoms of the run wait for, each once. */
export function awaitedJobs(run: Run): readonly string[] {
  if (run.waiting + run.sleeping === 0) return [];
  return [...new Set(run.atoms.flatMap(({ waiting }) => (waiting?.on === 'job' ? [waiting.job] : [])))];
}
