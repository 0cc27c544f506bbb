// Runs tasks in this process: resolves secrets, calls, turns whatever comes back into JSON or a Failure, and masks
// secret values in outputs, failures, log lines and progress (SEMANTICS S4).
//
// 1. Never rejects, whatever a task throws or answers.
// 2. A task gets copies: what it does to its input does not reach what was recorded.
// 3. When a call has ended, what its task still says is not heard.
import { type Failure, TaskError, failureFrom } from '../failure.ts';
import { type Json, type JsonObject, isJsonObject, memberOf } from '../json.ts';
import { copyJson, payloadExcess } from '../payload.ts';
import type { LogLine } from '../logbook/task-log.ts';
import { secretPlaceholder } from '../run/values/names.ts';
import type { TaskCatalog, TaskContext, TaskType, Undo } from '../task.ts';
import { Waiting } from '../wait.ts';
import { textOf as wordsOfAny } from '../thrown.ts';
import { maskText } from './mask-secrets.ts';
import type { SecretSource, SignOfLife, Stop, TaskCall, TaskOutcome, TaskRunner } from './task-runner.ts';

/** Takes the lines that tasks log. */
export type TaskLog = (line: Pick<LogLine, 'job' | 'atom' | 'attempt' | 'kind' | 'text'>) => void;

export interface InProcessRunnerOptions<World> {
  readonly catalog: TaskCatalog<World>;
  readonly world: World;
  readonly secrets: SecretSource;
  readonly log: TaskLog;
}

/** One call under way. */
interface Running {
  readonly call: TaskCall;
  readonly stop: Stop;
  readonly onSign: ((sign: SignOfLife) => void) | undefined;
  /** Values of secrets by name, as far as they have been resolved. */
  readonly values: Map<string, string>;
  isOver: boolean;
  /** Lines that it has logged. */
  logged: number;
}

/** Most characters of one log line, and of the message of a progress. */
const MOST_LINE = 10_000;
const MOST_MESSAGE = 200;

/** A runner over a catalog. */
export function inProcessRunner<World>(options: InProcessRunnerOptions<World>): TaskRunner {
  return {
    async run(call, stop, onSign) {
      const running: Running = { call, stop, onSign, values: new Map(), isOver: false, logged: 0 };
      const { values } = running;
      try {
        const task = options.catalog.find(call.type, call.typeVersion);
        if (task === undefined) {
          throw new TaskError('TASK_TYPE_ABSENT', `This server does not know the task type ${call.type} version ${call.typeVersion}.`, {
            nothingDone: true,
          });
        }
        // Most calls have none, and waiting for nothing costs a turn of the microtasks.
        const copied = { ...call, input: copyJson(call.input) };
        const hasSecrets = Object.keys(call.secrets).length > 0;
        const input = hasSecrets ? await withSecrets(copied, options.secrets, values) : copied.input;
        const outcome = await perform(task, { running, input, context: new CallContext({ options, running }) });
        return withLogged(maskOutcome(outcome, values), running.logged);
      } catch (thrown) {
        const failure = mask(
          failureFrom(thrown, (text) => maskText(text, values)),
          values,
        );
        const failed = { kind: 'failed', failure: stop.signal.aborted ? { ...failure, code: 'ABORTED' } : failure } as const;
        return withLogged(failed, running.logged);
      } finally {
        running.isOver = true;
      }
    },
  };
}

/** How many lines there are, for whoever looks at the entry. */
function withLogged(outcome: TaskOutcome, logged: number): TaskOutcome {
  return logged === 0 ? outcome : { ...outcome, logged };
}

async function perform<World>(
  task: TaskType<World>,
  { running, input, context }: { running: Running; input: JsonObject; context: TaskContext<World> },
): Promise<TaskOutcome> {
  const { call } = running;
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
      if (call.byApply) await task.apply(input, context);
      else await task.revert?.(undoOf(call, input), context);
      return { kind: 'done', output: null };
    }
    case 'probe': {
      const answer = await task.probe?.(input, context);
      if (answer?.happened === 'yes') return { kind: 'done', output: toJson(answer.output) };
      return answer?.happened === 'no' ? { kind: 'absent' } : unknown(running, answer?.because);
    }
    case 'probeRevert': {
      // A container's own revert is an apply, so the probe of that apply knows.
      if (call.byApply) {
        const answer = await task.probe?.(input, context);
        if (answer?.happened === 'yes') return { kind: 'done', output: null };
        return answer?.happened === 'no' ? { kind: 'absent' } : unknown(running, answer?.because);
      }
      const answer = await task.probeRevert?.(undoOf(call, input), context);
      if (answer?.undone === 'yes') return { kind: 'done', output: null };
      return answer?.undone === 'no' ? { kind: 'absent' } : unknown(running, answer?.because);
    }
  }
}

function undoOf(call: TaskCall, input: JsonObject): Undo<JsonObject, JsonObject> {
  return {
    input,
    output: isJsonObject(call.output) ? copyJson(call.output) : undefined,
    failure: call.failure === null ? undefined : (copyJson(call.failure as unknown as Json) as unknown as Failure),
    ...(call.drift === undefined ? {} : { drift: call.drift }),
  };
}

function unknown(running: Running, because: unknown): TaskOutcome {
  return {
    kind: 'unknown',
    because: because === undefined ? 'the task type cannot tell' : textOf(because, MOST_MESSAGE, running.values),
  };
}

interface CallParts<World> {
  readonly options: InProcessRunnerOptions<World>;
  readonly running: Running;
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
  readonly progress: (fraction: number, message?: string) => void;
  readonly heartbeat: () => void;
  readonly #stop: Stop;

  constructor({ options, running }: CallParts<World>) {
    const { call, values } = running;
    const { job, atom, attempt, kind } = call;
    const say = (sign: SignOfLife) => {
      if (!running.isOver) running.onSign?.(sign);
    };
    this.world = options.world;
    this.idempotencyKey = call.idempotencyKey;
    this.job = job;
    this.atom = atom;
    this.attempt = attempt;
    this.stage = call.stage;
    this.prior = call.prior ?? {};
    this.startedAt = call.startedAt;
    this.log = (line) => {
      if (running.isOver) return;
      running.logged += 1;
      options.log({ job, atom, attempt, kind, text: textOf(line, MOST_LINE, values) });
    };
    this.progress = (fraction, message) =>
      say({
        // What is no number says at least that it lives.
        fraction: typeof fraction === 'number' && !Number.isNaN(fraction) ? Math.min(1, Math.max(0, fraction)) : null,
        message: message === undefined ? null : textOf(message, MOST_MESSAGE, values),
      });
    this.heartbeat = () => say({ fraction: null, message: null });
    this.#stop = running.stop;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }
}

/** What a task says, as text of bounded length; a task is free to say anything. Masked before it is cut: half a secret is not found. */
function textOf(said: unknown, most: number, values: ReadonlyMap<string, string>): string {
  try {
    const text = maskText(wordsOfAny(said), values);
    return text.length > most ? `${text.slice(0, most)}…` : text;
  } catch {
    return '(something that cannot be shown as text)';
  }
}

async function withSecrets(call: TaskCall, source: SecretSource, values: Map<string, string>): Promise<JsonObject> {
  let input = call.input;
  for (const [field, names] of Object.entries(call.secrets)) {
    for (const name of names) {
      const value = values.get(name) ?? (await source.resolve(name));
      if (value === undefined)
        throw new TaskError('SECRET_ABSENT', `There is no secret named ${name}; add it and try again.`, { nothingDone: true });
      values.set(name, value);
    }
    const current = memberOf(input, field);
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
    const excess = payloadExcess('The output', value);
    if (excess !== null) throw new TaskError(excess.code, excess.message);
    const text = JSON.stringify(value ?? {});
    if (text === undefined) throw new TaskError('OUTPUT_INVALID', `The task answered with a ${typeof value}, which cannot be recorded.`);
    return JSON.parse(text) as Json;
  } catch (thrown) {
    if (thrown instanceof TaskError) throw thrown;
    throw new TaskError('OUTPUT_INVALID', 'The task answered with something that cannot be written as JSON.', { cause: thrown });
  }
}

function maskOutcome(outcome: TaskOutcome, values: ReadonlyMap<string, string>): TaskOutcome {
  if (values.size === 0) return outcome;
  switch (outcome.kind) {
    case 'done':
      if (values.size === 0) return outcome;
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

function mapText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapText(one, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), mapText(one, change)]));
}
