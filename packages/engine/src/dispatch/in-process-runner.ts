// Runs tasks in this process: resolves secrets, calls, turns whatever comes back into JSON or a Failure, and masks
// secret values in outputs, failures and log lines (SEMANTICS S4). Never rejects.
import { type Failure, TaskError, failureFrom } from '../failure.ts';
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import { secretPlaceholder } from '../run/names.ts';
import { Waiting } from '../wait.ts';
import type { TaskCatalog, TaskContext, TaskType } from '../task.ts';
import type { SecretSource, Stop, TaskCall, TaskOutcome, TaskRunner } from './task-runner.ts';

/** Takes the lines that tasks log. */
export type TaskLog = (line: { readonly job: string; readonly atom: string; readonly attempt: number; readonly text: string }) => void;

export interface InProcessRunnerOptions<World> {
  readonly catalog: TaskCatalog<World>;
  readonly world: World;
  readonly secrets: SecretSource;
  readonly log: TaskLog;
}

/** A runner over a catalog. */
export function inProcessRunner<World>(options: InProcessRunnerOptions<World>): TaskRunner {
  return {
    async run(call, stop) {
      const values = new Map<string, string>();
      try {
        const task = options.catalog.find(call.type, call.typeVersion);
        if (task === undefined) {
          throw new TaskError('TASK_TYPE_ABSENT', `This server does not know the task type ${call.type} version ${call.typeVersion}.`);
        }
        // Most calls have none, and waiting for nothing costs a turn of the microtasks.
        const hasSecrets = Object.keys(call.secrets).length > 0;
        const input = hasSecrets ? await withSecrets(call, options.secrets, values) : call.input;
        const outcome = await perform(task, { call, input, context: new CallContext(call, { options, stop, values }) });
        return maskOutcome(outcome, values);
      } catch (thrown) {
        const failure = stop.signal.aborted ? aborted(thrown) : failureFrom(thrown);
        return { kind: 'failed', failure: mask(failure, values) };
      }
    },
  };
}

async function perform<World>(
  task: TaskType<World>,
  { call, input, context }: { call: TaskCall; input: JsonObject; context: TaskContext<World> },
): Promise<TaskOutcome> {
  switch (call.kind) {
    case 'apply': {
      const answer = await task.apply(input, context);
      return answer instanceof Waiting ? { kind: 'waiting', waiting: answer.wait } : { kind: 'done', output: toJson(answer) };
    }
    case 'check': {
      const output = isJsonObject(call.output) ? call.output : undefined;
      const different = await task.check?.({ input, output, failure: call.failure ?? undefined }, context);
      return { kind: 'done', output: different ?? null };
    }
    case 'revert': {
      if (call.byApply) {
        await task.apply(input, context);
        return { kind: 'done', output: null };
      }
      const output = isJsonObject(call.output) ? call.output : undefined;
      await task.revert?.({ input, output, failure: call.failure ?? undefined }, context);
      return { kind: 'done', output: null };
    }
    case 'probe': {
      const answer = await task.probe?.(input, context);
      if (answer === undefined || answer.happened === 'unknown') {
        return { kind: 'unknown', because: answer?.because ?? 'the task type cannot tell' };
      }
      return answer.happened === 'yes' ? { kind: 'done', output: toJson(answer.output) } : { kind: 'absent' };
    }
  }
}

interface CallParts<World> {
  readonly options: InProcessRunnerOptions<World>;
  readonly stop: Stop;
  readonly values: ReadonlyMap<string, string>;
}

/** A class, as its signal is made when a task asks for it, and a getter in an object written out is slow to make. */
class CallContext<World> implements TaskContext<World> {
  readonly world: World;
  readonly idempotencyKey: string;
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  readonly stage: string | null;
  readonly prior: JsonObject;
  readonly startedAt: number;
  readonly log: (line: string) => void;
  readonly #stop: Stop;

  constructor(call: TaskCall, { options, stop, values }: CallParts<World>) {
    this.world = options.world;
    this.idempotencyKey = call.idempotencyKey;
    this.job = call.job;
    this.atom = call.atom;
    this.attempt = call.attempt;
    this.stage = call.stage;
    this.prior = call.prior ?? {};
    this.startedAt = call.startedAt;
    this.log = (line) => options.log({ job: call.job, atom: call.atom, attempt: call.attempt, text: maskText(String(line), values) });
    this.#stop = stop;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }
}

async function withSecrets(call: TaskCall, source: SecretSource, values: Map<string, string>): Promise<JsonObject> {
  let input = call.input;
  for (const [field, names] of Object.entries(call.secrets)) {
    for (const name of names) {
      const value = values.get(name) ?? (await source.resolve(name));
      if (value === undefined) throw new TaskError('SECRET_ABSENT', `There is no secret named ${name}; add it and try again.`);
      values.set(name, value);
    }
    const current = input[field];
    if (current !== undefined) {
      input = {
        ...input,
        [field]: mapText(current, (text) =>
          names.reduce((filled, name) => filled.replaceAll(secretPlaceholder(name), values.get(name) ?? ''), text),
        ),
      };
    }
  }
  return input;
}

function toJson(value: unknown): Json {
  try {
    const text = JSON.stringify(value ?? {});
    if (text === undefined) throw new TaskError('OUTPUT_INVALID', `The task answered with a ${typeof value}, which cannot be recorded.`);
    return JSON.parse(text) as Json;
  } catch (thrown) {
    if (thrown instanceof TaskError) throw thrown;
    throw new TaskError('OUTPUT_INVALID', 'The task answered with something that cannot be written as JSON.', { cause: thrown });
  }
}

function aborted(thrown: unknown): Failure {
  return { ...failureFrom(thrown), code: 'ABORTED' };
}

function maskOutcome(outcome: TaskOutcome, values: ReadonlyMap<string, string>): TaskOutcome {
  if (values.size === 0) return outcome;
  switch (outcome.kind) {
    case 'done':
      return { kind: 'done', output: mapText(outcome.output, (text) => maskText(text, values)) };
    case 'failed':
      return { kind: 'failed', failure: mask(outcome.failure, values) };
    case 'waiting':
    case 'absent':
    case 'unknown':
      return outcome;
  }
}

function mask(failure: Failure, values: ReadonlyMap<string, string>): Failure {
  return values.size === 0 ? failure : (mapText(failure as unknown as Json, (text) => maskText(text, values)) as unknown as Failure);
}

function maskText(text: string, values: ReadonlyMap<string, string>): string {
  let masked = text;
  for (const [name, value] of values) if (value.length > 0) masked = masked.replaceAll(value, `•••${name}•••`);
  return masked;
}

function mapText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapText(one, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), mapText(one, change)]));
}
