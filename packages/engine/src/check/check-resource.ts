// Checks a resource against a real world (Z1). It takes the resource up to each of its stages, repeats each stage as
// after a crash, and gives the resource back, twice.
import { effectsOf } from '../task/effects.ts';
import type { Failure } from '../failure/failure.ts';
import { type JsonObject, isJsonObject } from '../json.ts';
import type { CheckedCalls } from './checked-calls.ts';

const CRASHED: Failure = { code: 'ABORTED', message: 'The outcome of apply was never recorded.' };

/** For each stage that can be the last one: one round with its output known, and one with its output lost. */
export async function checkResource<World>(calls: CheckedCalls<World>, stages: readonly string[]): Promise<void> {
  const before = await calls.check.observe();
  const { type, check } = calls;
  const { kind } = effectsOf(type.effects, { ...type.defaults, ...check.input }, new Set());
  let attempt = 0;
  // A resource that cannot be undone is taken only once, with all its stages.
  for (const last of kind === 'reversible' ? stages : stages.slice(-1)) {
    for (const known of [true, false]) {
      attempt += 1;
      const taken = stages.slice(0, stages.indexOf(last) + 1);
      const prior: { [name: string]: JsonObject[string] } = {};
      for (const stage of taken) {
        await askProbe(calls, { attempt, stage, prior: { ...prior }, happened: false });
        const outcome = await calls.call('apply', attempt, { stage, prior: { ...prior } });
        if (outcome.kind !== 'done') {
          calls.findings.push(
            `${stage} failed: ${outcome.kind === 'failed' ? outcome.failure.message : outcome.kind}. Give the check an input and a world with which it succeeds.`,
          );
          return;
        }
        const after = await calls.check.observe();
        if (calls.type.repeatable === true) {
          await calls.call('apply', attempt, { stage, prior: { ...prior } });
          await calls.expectWorld(
            after,
            `The type says that it is repeatable, but repeating ${stage} with the same key changed the world again`,
          );
        }
        await askProbe(calls, { attempt, stage, prior: { ...prior }, happened: true });
        if ((known || stage !== last) && isJsonObject(outcome.output)) Object.assign(prior, outcome.output);
      }
      if (known && last === stages.at(-1)) await askCheck(calls, { attempt, stage: last, prior });
      if (kind !== 'reversible') return;
      const words = known ? `after ${last}` : `when ${last} had succeeded but its output was lost`;
      if (!(await giveBack(calls, { attempt, taken, prior, failure: known ? null : CRASHED, before, words }))) return;
    }
  }
  if (calls.check.failing !== undefined) await checkFailing(calls, { stages, attempt: attempt + 1, before, input: calls.check.failing });
}

interface Asked {
  readonly attempt: number;
  readonly stage: string;
  readonly prior: JsonObject;
}

/** After a crash the engine relies on the probe (A4), so it must tell a stage that happened from one that did not. */
async function askProbe<World>(calls: CheckedCalls<World>, { happened, ...asked }: Asked & { readonly happened: boolean }): Promise<void> {
  if (calls.type.probe === undefined) return;
  const { attempt, ...given } = asked;
  const before = await calls.check.observe();
  const outcome = await calls.call('probe', attempt, given);
  const { stage } = asked;
  if (outcome.kind === 'failed') calls.findings.push(`The probe failed at ${stage}: ${outcome.failure.message}`);
  if (!happened && outcome.kind === 'done') calls.findings.push(`The probe says that ${stage} happened before it was called (A4).`);
  if (happened && outcome.kind === 'absent') calls.findings.push(`The probe says that ${stage} did not happen, but it did (A4).`);
  await calls.expectWorld(before, `The probe at ${stage} changed the world`);
}

/** Right after taking, check must find no drift, and it must change nothing (B6). */
async function askCheck<World>(calls: CheckedCalls<World>, { attempt, ...given }: Asked): Promise<void> {
  if (calls.type.check === undefined) return;
  const before = await calls.check.observe();
  const outcome = await calls.call('check', attempt, given);
  if (outcome.kind === 'failed') calls.findings.push(`The check failed right after ${given.stage}: ${outcome.failure.message}`);
  if (outcome.kind === 'done' && outcome.output !== null)
    calls.findings.push(`The check says right after ${given.stage} that something has changed (B6): ${String(outcome.output)}`);
  await calls.expectWorld(before, 'The check changed the world');
}

/** Takes the resource with an input that makes a stage fail: effects of that stage and of those before it must be undone too. */
async function checkFailing<World>(
  calls: CheckedCalls<World>,
  { stages, attempt, before, input }: { stages: readonly string[]; attempt: number; before: unknown; input: JsonObject },
): Promise<void> {
  const prior: { [name: string]: JsonObject[string] } = {};
  for (const [index, stage] of stages.entries()) {
    const held = await calls.check.observe();
    const outcome = await calls.call('apply', attempt, { stage, prior: { ...prior }, input });
    await calls.expectNothingDone(held, outcome);
    if (outcome.kind === 'done') {
      if (isJsonObject(outcome.output)) Object.assign(prior, outcome.output);
      continue;
    }
    const failure = outcome.kind === 'failed' ? outcome.failure : CRASHED;
    await giveBack(calls, { attempt, taken: stages.slice(0, index + 1), prior, failure, before, words: `when ${stage} had failed`, input });
    return;
  }
  await giveBack(calls, { attempt, taken: stages, prior, failure: null, before, words: 'after it was taken', input });
  calls.findings.push('The input given as failing makes no stage fail.');
}

interface Taken {
  readonly attempt: number;
  readonly taken: readonly string[];
  readonly prior: JsonObject;
  /** The failure of the last stage that began. */
  readonly failure: Failure | null;
  readonly before: unknown;
  readonly words: string;
  readonly input?: JsonObject;
}

/** Gives back, twice if the type allows repeating its revert, as after a crash (A4). True when the world is restored. */
async function giveBack<World>(
  calls: CheckedCalls<World>,
  { attempt, taken, prior, failure, before, words, ...input }: Taken,
): Promise<boolean> {
  const last = taken.at(-1) ?? '';
  for (const time of calls.mayRepeatRevert(input.input) ? ['', ' a second time'] : ['']) {
    const back = calls.type.destroys ? [last] : [...taken].reverse();
    for (const stage of back) {
      const given = { stage, prior, failure: stage === last ? failure : null, ...input };
      const isKnown = time === '' && failure === null;
      if (isKnown) await calls.askProbeRevert(attempt, given, false);
      const outcome = await calls.call('revert', attempt, given);
      if (isKnown) await calls.askProbeRevert(attempt, given, true);
      if (outcome.kind === 'failed') calls.findings.push(`Undoing ${stage}${time}, ${words}, failed: ${outcome.failure.message}`);
    }
    if (!(await calls.expectWorld(before, `Undoing${time}, ${words}, did not restore the world`))) return false;
  }
  return true;
}
