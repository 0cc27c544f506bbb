// Checks a task type against a real world, in the ways the engine will use it: applied, repeated after a crash, reverted with
// its output, reverted twice, and reverted with a failure instead of an output. The result is a list of sentences.
//
// 1. The check covers what the engine relies on: S4 (outputs), A4 (repeating, probes), R5 to R7 and R9 (reverts).
// 2. Each round is an attempt of its own with a key of its own, as in the engine.
// 3. If the effect cannot be undone, apply is called once, and again only when the type says that it may be repeated.
import type { TaskOutcome } from '../dispatch/task-runner.ts';
import { effectsOf } from '../task/effects.ts';
import type { Failure } from '../failure/failure.ts';
import type { Json, JsonObject } from '../json.ts';
import { checkOutput } from '../run/decide/check-output.ts';
import { isRepeatable } from '../task/repeatable.ts';
import type { TaskType } from '../task/task.ts';
import type { Waits } from '../task/wait.ts';
import { CheckedCalls, STARTED, type TaskCheck } from './checked-calls.ts';
import { checkResource } from './check-resource.ts';
import { checkSchemas } from './check-schemas.ts';
import { differenceOf } from './difference.ts';

const CRASHED: Failure = { code: 'ABORTED', message: 'The outcome of apply was never recorded.' };
export type { TaskCheck } from './checked-calls.ts';

/** Returns findings as sentences, for any test runner: `expect(await checkTask(type, {...})).toEqual([])`. */
export async function checkTask<World>(type: TaskType<World>, check: TaskCheck<World>): Promise<string[]> {
  const calls = new CheckedCalls(type, check);
  calls.findings.push(...checkSchemas(type));
  const fits = type.input.safeParse(check.input);
  if (!fits.success) {
    const [issue] = fits.error.issues;
    return [...calls.findings, `The input given for the check does not fit at "${issue?.path.join('.')}": ${issue?.message}.`];
  }
  if (type.stages !== undefined) {
    await checkResource(calls, type.stages);
    return calls.findings;
  }
  if (type.waits !== undefined) return [...calls.findings, ...checkWait(type.waits, check.input)];
  const bound = new Set<string>();
  const effects = effectsOf(type.effects, { ...type.defaults, ...check.input }, bound);
  const before = await check.observe();
  const first = await applyOnce(calls, before, effects.kind);
  if (first === null) return calls.findings;
  if (effects.kind !== 'reversible' || type.revert === undefined) return calls.findings;
  const known = { output: first.output, failure: null };
  await calls.askProbeRevert(1, known, false);
  await revertTwice(calls, { attempt: 1, ...known, before, words: 'after an apply that succeeded' });
  await calls.askProbeRevert(1, known, true);
  await calls.call('apply', 2);
  await revertTwice(calls, {
    attempt: 2,
    before,
    output: null,
    failure: CRASHED,
    words: 'when apply had succeeded but its output was lost',
  });
  await revertTwice(calls, { attempt: 3, before, output: null, failure: CRASHED, words: 'when apply had done nothing' });
  await revertAborted(calls, before);
  if (check.failing !== undefined) await revertFailed(calls, before, check.failing);
  return calls.findings;
}

/** A type that waits only says what it waits for; none of its other code is called. */
function checkWait(waits: Waits, input: JsonObject): string[] {
  try {
    const { until } = waits(input, STARTED);
    return until !== null && until < STARTED ? ['It would wait until a time in the past.'] : [];
  } catch (thrown) {
    return [`It failed to say what it waits for: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
  }
}

/** Applies, repeats if the type allows it, and calls the probe before and after. Null when apply failed. */
async function applyOnce<World>(calls: CheckedCalls<World>, before: unknown, effects: string): Promise<{ readonly output: Json } | null> {
  const { type, check, findings } = calls;
  if (type.probe !== undefined) {
    const early = await calls.call('probe', 1);
    if (early.kind === 'done') findings.push('The probe says that apply happened before it was called (A4).');
    if (early.kind === 'failed') findings.push(`The probe failed before apply was called: ${wordsOf(early.failure)}`);
    await calls.expectWorld(before, 'The probe changed the world');
  }
  const outcome = await calls.call('apply', 1);
  if (outcome.kind !== 'done') {
    findings.push(
      `Apply failed: ${outcome.kind === 'failed' ? wordsOf(outcome.failure) : outcome.kind} Give the check an input and a world with which it succeeds.`,
    );
    return null;
  }
  const checked = checkOutput(type.output, outcome.output);
  if (checked.kind === 'failed') findings.push(`The output of apply is refused: ${wordsOf(checked.failure)}`);
  // With secrets the recorded output differs, because it is masked.
  const lost = check.secrets === undefined ? differenceOf(calls.lastAnswer ?? {}, outcome.output) : null;
  if (lost !== null) findings.push(`The output of apply is not JSON, so the recorded output differs: ${lost}.`);
  const after = await check.observe();
  if (effects === 'none') {
    const difference = differenceOf(before, after);
    if (difference !== null) findings.push(`The type says that it has no effect, but apply changed the world: ${difference} (R9).`);
  }
  if (isRepeatable(type.repeatable, { input: check.input, defaults: type.defaults })) {
    const again = await calls.call('apply', 1);
    if (again.kind === 'failed')
      findings.push(`The type says that it is repeatable, but it failed when repeated with the same key: ${wordsOf(again.failure)}`);
    await calls.expectWorld(after, 'The type says that it is repeatable, but repeating it with the same key changed the world again');
  }
  await checkProbe(calls, after);
  await checkCheck(calls, after, outcome.output);
  return { output: checked.kind === 'output' ? checked.output : outcome.output };
}

async function checkProbe<World>(calls: CheckedCalls<World>, after: unknown): Promise<void> {
  const { type, findings } = calls;
  if (type.probe === undefined) return;
  const late = await calls.call('probe', 1);
  if (late.kind === 'absent')
    findings.push('The probe says that apply did not happen, but it did (A4): after a crash the engine would apply it twice.');
  if (late.kind === 'failed') findings.push(`The probe failed after apply: ${wordsOf(late.failure)}`);
  if (late.kind === 'done') {
    const checked = checkOutput(type.output, late.output);
    if (checked.kind === 'failed') findings.push(`The output of the probe is refused: ${wordsOf(checked.failure)}`);
  }
  await calls.expectWorld(after, 'The probe changed the world');
}

/** Right after apply, check must find no drift, and it must change nothing (B6). */
async function checkCheck<World>(calls: CheckedCalls<World>, after: unknown, output: Json): Promise<void> {
  const { type, findings } = calls;
  if (type.check === undefined) return;
  const outcome = await calls.call('check', 1, { output });
  if (outcome.kind === 'failed') findings.push(`The check failed right after apply: ${wordsOf(outcome.failure)}`);
  if (outcome.kind === 'done' && outcome.output !== null) {
    findings.push(`The check says right after apply that something has changed (B6): ${String(outcome.output)}`);
  }
  await calls.expectWorld(after, 'The check changed the world');
}

interface Round {
  readonly attempt: number;
  readonly before: unknown;
  readonly output: Json | null;
  readonly failure: Failure | null;
  readonly words: string;
  readonly input?: JsonObject;
}

/** After a crash a revert is repeated if its type allows that (A4), so reverting twice must give the same world as once. */
async function revertTwice<World>(calls: CheckedCalls<World>, { attempt, before, words, ...given }: Round): Promise<void> {
  for (const time of calls.mayRepeatRevert(given.input) ? ['', ' a second time'] : ['']) {
    const outcome = await calls.call('revert', attempt, given);
    if (outcome.kind === 'failed') calls.findings.push(`Revert${time}, ${words}, failed: ${wordsOf(outcome.failure)}`);
    const same = await calls.expectWorld(before, `Revert${time}, ${words}, did not restore the world`);
    if (outcome.kind === 'failed' || !same) return;
  }
}

/** Aborts apply as soon as it has begun; every effect that it had by then must be undone. */
async function revertAborted<World>(calls: CheckedCalls<World>, before: unknown): Promise<void> {
  const outcome = await calls.call('apply', 4, { abort: new AbortController() });
  await calls.expectNothingDone(before, outcome);
  await revertTwice(calls, { attempt: 4, before, ...endOf(outcome), words: 'after an apply that was aborted' });
}

async function revertFailed<World>(calls: CheckedCalls<World>, before: unknown, input: JsonObject): Promise<void> {
  const outcome = await calls.call('apply', 5, { input });
  await calls.expectNothingDone(before, outcome);
  if (outcome.kind === 'done') calls.findings.push('The input given as failing does not make apply fail.');
  await revertTwice(calls, { attempt: 5, before, ...endOf(outcome), input, words: 'after an apply that failed' });
}

function endOf(outcome: TaskOutcome): { readonly output: Json | null; readonly failure: Failure | null } {
  if (outcome.kind === 'done') return { output: outcome.output, failure: null };
  return { output: null, failure: outcome.kind === 'failed' ? outcome.failure : CRASHED };
}

function wordsOf({ code, message }: Failure): string {
  return `${code}, ${message.replace(/[.:]?$/, '.')}`;
}
