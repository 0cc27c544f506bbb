// Other jobs whose end a run waits for (P9).
import type { Run } from './run.ts';

/** Jobs that atoms of the run wait for, each once. */
export function awaitedJobs(run: Run): readonly string[] {
  if (run.waiting + run.sleeping === 0) return [];
  return [...new Set(run.atoms.flatMap(({ waiting }) => (waiting?.on === 'job' ? [waiting.job] : [])))];
}
