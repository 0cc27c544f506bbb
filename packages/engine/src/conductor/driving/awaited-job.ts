// A task that waits for another job names it, and only the board knows whether there is such a job (I7).
import type { TaskOutcome } from '../../dispatch/task-runner.ts';
import { waitInvalid } from '../../task/read-wait.ts';

/** Largest number of characters of a job's id in a sentence. */
const LONGEST_NAME = 100;

interface WaitingJob {
  readonly claim: { readonly job: string };
  /** Does the board have that job? Throws what the store throws. */
  readonly hasJob: (job: string) => Promise<boolean>;
}

/** The outcome of a call; a failure where the call waits for its own job, or for one that does not exist. Never rejects. */
export async function withAwaitedJob(
  outcome: Extract<TaskOutcome, { kind: 'waiting' }>,
  { claim, hasJob }: WaitingJob,
): Promise<TaskOutcome> {
  const { waiting } = outcome;
  if (waiting.on !== 'job') return outcome;
  const { job } = waiting;
  if (job === claim.job) return failed(outcome, `The task waits for the end of its own job ${job}, which cannot end before the task.`);
  try {
    if (await hasJob(job)) return outcome;
  } catch {
    // The store cannot be read now. The task asks again later, and then the store is asked again too.
    return outcome;
  }
  return failed(outcome, `The task waits for the job ${String(job).slice(0, LONGEST_NAME)}, which does not exist.`);
}

function failed({ logged }: TaskOutcome, message: string): TaskOutcome {
  const failure = waitInvalid(message);
  return logged === undefined ? { kind: 'failed', failure } : { kind: 'failed', failure, logged };
}
