// Before a rollback by hand, task types with a check compare the effect with what apply left
// (B6). A rollback after a failure does not check: no person is there to decide, and the effects are recent.
import type { Clock } from '../clock.ts';
import { MOST_DIFFERENCE } from '../dispatch/in-process-runner.ts';
import type { TaskCall, TaskRunner } from '../dispatch/task-runner.ts';
import type { ActAnswer } from '../operator.ts';
import { Semaphore } from '../semaphore.ts';
import type { Act } from '../run/acts/act.ts';
import { callOf } from '../run/decide/calls.ts';
import type { ValueLoader } from './loading/value-loader.ts';
import type { Drift, RollbackPlan } from '../run/plan/rollback-plan.ts';
import { type Run, knownIndexOf } from '../run/state/run.ts';

/** A check that does not answer within this time counts as failed. */
const CHECK_WITHIN_MS = 10_000;
const AT_ONCE = 8;

interface Asking {
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly values: ValueLoader;
}

/** The effects of the plan that are no longer as apply left them, in the order of the plan. */
export async function driftOf(
  asking: Asking,
  { job, run, plan }: { readonly job: string; readonly run: Run; readonly plan: RollbackPlan },
): Promise<readonly Drift[]> {
  // The run may go on during the checks, so their inputs are taken from it before.
  const calls = plan.waves.flat().flatMap(({ atom, checked }) => {
    const call = checked ? callOf(run, knownIndexOf(run, atom), 'check') : null;
    return call === null ? [] : [call];
  });
  const permits = new Semaphore(AT_ONCE);
  const found = await Promise.all(
    calls.map((call) => permits.run(async () => differenceOf(asking, job, await asking.values.whole(job, call)))),
  );
  return calls.flatMap(({ atom }, at) => {
    const difference = found[at] ?? null;
    return difference === null ? [] : [{ atom, difference }];
  });
}

/** The refusal of a rollback whose confirmation does not name all drift; null when it does. */
export function unseenDrift(act: Extract<Act, { kind: 'ROLL_BACK' }>, drift: readonly Drift[]): ActAnswer | null {
  const unseen = drift.filter(({ atom, difference }) => !act.drift?.some((one) => one.atom === atom && one.difference === difference));
  const [first] = unseen;
  if (first === undefined) return null;
  const others = unseen.length > 1 ? ` ${unseen.length - 1} more changed too.` : '';
  return {
    kind: 'refused',
    code: 'DRIFTED',
    message: `${first.atom} is no longer as apply left it: ${first.difference}${others} Nothing was undone. Confirm with a reason to undo it anyway.`,
  };
}

async function differenceOf(
  { runner, clock }: Asking,
  job: string,
  call: Omit<TaskCall, 'job' | 'idempotencyKey'>,
): Promise<string | null> {
  const abort = new AbortController();
  let cancelTimer = () => {};
  const late = new Promise<string>((resolve) => {
    cancelTimer = clock.after(CHECK_WITHIN_MS, () => {
      abort.abort();
      resolve(`It could not be checked: no answer within ${CHECK_WITHIN_MS / 1_000} s.`);
    });
  });
  const asked = runner.run({ ...call, job, idempotencyKey: `${job}/${call.atom}/${call.attempt}/check` }, abort).then((outcome) => {
    if (outcome.kind === 'done') return outcome.output === null ? null : cut(String(outcome.output));
    return cut(`It could not be checked: ${outcome.kind === 'failed' ? outcome.failure.message : outcome.kind}`);
  });
  return Promise.race([asked, late]).finally(cancelTimer);
}

/** Another runner need not have cut it. */
function cut(difference: string): string {
  return difference.length > MOST_DIFFERENCE + 1 ? `${difference.slice(0, MOST_DIFFERENCE)}…` : difference;
}
