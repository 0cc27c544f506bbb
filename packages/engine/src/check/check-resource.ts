// Checks a resource against a real world (SEMANTICS Z1): taken to each of its stages, each repeated as after a crash, and
// given back from there, twice.
import type { Failure } from '../failure.ts';
import { type JsonObject, isJsonObject } from '../json.ts';
import type { Bench } from './bench.ts';

const CRASHED: Failure = { code: 'ABORTED', message: 'The outcome of apply was never recorded.' };

/** One round for each stage that it may stop at, with its outcome known, and never known. */
export async function checkResource<World>(bench: Bench<World>, stages: readonly string[]): Promise<void> {
  const before = await bench.check.observe();
  let attempt = 0;
  for (const last of stages) {
    for (const known of [true, false]) {
      attempt += 1;
      const taken = stages.slice(0, stages.indexOf(last) + 1);
      const prior: { [name: string]: JsonObject[string] } = {};
      for (const stage of taken) {
        const outcome = await bench.call('apply', attempt, { stage, prior: { ...prior } });
        if (outcome.kind !== 'done') {
          bench.findings.push(
            `${stage} failed: ${outcome.kind === 'failed' ? outcome.failure.message : outcome.kind}. Give an input and a world with which it works.`,
          );
          return;
        }
        const after = await bench.check.observe();
        if (bench.type.repeatable === true) {
          await bench.call('apply', attempt, { stage, prior: { ...prior } });
          await bench.expectWorld(after, `It says that it is repeatable, but repeating ${stage} with the same key changed the world again`);
        }
        if ((known || stage !== last) && isJsonObject(outcome.output)) Object.assign(prior, outcome.output);
      }
      await giveBack(bench, { attempt, taken, prior, known, before });
    }
  }
}

interface Taken {
  readonly attempt: number;
  readonly taken: readonly string[];
  readonly prior: JsonObject;
  readonly known: boolean;
  readonly before: unknown;
}

async function giveBack<World>(bench: Bench<World>, { attempt, taken, prior, known, before }: Taken): Promise<void> {
  const last = taken.at(-1) ?? '';
  const words = known ? `after ${last}` : `when ${last} had worked but what it gave was lost`;
  for (const time of ['', ' a second time']) {
    const back = bench.type.destroys ? [last] : [...taken].reverse();
    for (const stage of back) {
      const failure = known || stage !== last ? null : CRASHED;
      const outcome = await bench.call('revert', attempt, { stage, prior, failure });
      if (outcome.kind === 'failed') bench.findings.push(`Giving back ${stage}${time}, ${words}, failed: ${outcome.failure.message}`);
    }
    if (!(await bench.expectWorld(before, `Giving it back${time}, ${words}, did not restore the world`))) return;
  }
}
