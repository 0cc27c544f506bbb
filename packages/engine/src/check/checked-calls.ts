// The input of checkTask, and its calls, made in the same way as the engine makes them.
import { catalogOf } from '../task/define-task.ts';
import { inProcessRunner } from '../dispatch/in-process-runner.ts';
import type { TaskCall, TaskOutcome } from '../dispatch/task-runner.ts';
import type { Failure } from '../failure/failure.ts';
import { type Json, type JsonObject, isJsonObject, memberOf } from '../json.ts';
import { isRepeatable } from '../task/repeatable.ts';
import type { TaskType } from '../task/task.ts';
import { differenceOf } from './difference.ts';

/** Given to checkTask beside the type. */
export interface TaskCheck<World> {
  /** An input with which apply works. */
  readonly input: JsonObject;
  readonly world: World;
  /** The part of the world that the task may change, as plain data; it is compared before and after. */
  observe(): unknown;
  /** An input with which apply fails, if there is one; effects that the failed apply leaves must be undone too. */
  readonly failing?: JsonObject;
  /** Values of secrets by name, for the placeholders in the inputs (`{{secret name}}`), and the inputs that contain them. */
  readonly secrets?: { readonly values: { readonly [name: string]: string }; readonly inputs: TaskCall['secrets'] };
}

/** Start of every attempt; any fixed time works. */
export const STARTED = 1_700_000_000_000;

/** Data of a call besides its kind and attempt. */
interface Given {
  readonly output?: Json | null;
  readonly failure?: Failure | null;
  readonly input?: JsonObject;
  readonly abort?: AbortController;
  readonly stage?: string;
  readonly prior?: JsonObject;
}

/** Makes the calls in the same way as the engine. */
export class CheckedCalls<World> {
  readonly type: TaskType<World>;
  readonly check: TaskCheck<World>;
  readonly findings: string[] = [];
  /** The last answer of apply, before it became JSON. */
  lastAnswer: unknown;

  constructor(type: TaskType<World>, check: TaskCheck<World>) {
    this.type = type;
    this.check = check;
  }

  call(kind: TaskCall['kind'], attempt: number, given: Given = {}): Promise<TaskOutcome> {
    const { type, check } = this;
    const { abort = new AbortController() } = given;
    const watched: TaskType<World> = {
      ...type,
      apply: async (input, context) => {
        const answer = type.apply(input, context);
        if (given.abort !== undefined) abort.abort();
        this.lastAnswer = await answer;
        return this.lastAnswer;
      },
    };
    const runner = inProcessRunner({
      catalog: catalogOf([watched]),
      world: check.world,
      secrets: { resolve: async (name) => memberOf(check.secrets?.values ?? {}, name) },
      log: () => {},
    });
    // Each stage has its own address and key.
    const atom = given.stage === undefined ? 'checked' : `checked.${given.stage}`;
    const call: TaskCall = {
      kind,
      job: 'check',
      atom,
      attempt,
      type: type.type,
      typeVersion: type.version,
      input: given.input ?? check.input,
      secrets: check.secrets?.inputs ?? {},
      output: isJsonObject(given.output) ? given.output : null,
      failure: given.failure ?? null,
      idempotencyKey: `check/${atom}/${attempt}${kind === 'check' ? '/check' : kind === 'revert' || kind === 'probeRevert' ? '/revert' : ''}`,
      startedAt: STARTED,
      stage: given.stage ?? null,
      prior: given.prior ?? null,
      byApply: false,
    };
    return runner.run(call, abort);
  }

  /** May the revert be repeated after a crash without a check, with this input? */
  mayRepeatRevert(input: JsonObject = this.check.input): boolean {
    return isRepeatable(this.type.revertRepeatable, { input, defaults: this.type.defaults });
  }

  /** After a crash during a revert the engine relies on this probe (A4). */
  async askProbeRevert(attempt: number, given: Given, isUndone: boolean): Promise<void> {
    if (this.type.probeRevert === undefined) return;
    const at = given.stage === undefined ? '' : ` at ${given.stage}`;
    const before = await this.check.observe();
    const outcome = await this.call('probeRevert', attempt, given);
    if (outcome.kind === 'failed') this.findings.push(`The probe of the revert failed${at}: ${outcome.failure.message}`);
    if (!isUndone && outcome.kind === 'done')
      this.findings.push(
        `The probe of the revert says${at} that it is undone before revert was called (A4): the effect would never be undone.`,
      );
    if (isUndone && outcome.kind === 'absent')
      this.findings.push(`The probe of the revert says${at} that it is not undone, but it is (A4).`);
    await this.expectWorld(before, `The probe of the revert changed the world${at}`);
  }

  /** A failure that says that nothing was done is not reverted, so the world must be unchanged. */
  async expectNothingDone(before: unknown, outcome: TaskOutcome): Promise<void> {
    if (outcome.kind === 'failed' && outcome.failure.nothingDone)
      await this.expectWorld(before, 'Apply failed and said that nothing was done, but it changed the world');
  }

  /** True when the world is unchanged; otherwise adds a finding with the first difference. */
  async expectWorld(before: unknown, words: string): Promise<boolean> {
    const difference = differenceOf(before, await this.check.observe());
    if (difference !== null) this.findings.push(`${words}: ${difference}.`);
    return difference === null;
  }
}
