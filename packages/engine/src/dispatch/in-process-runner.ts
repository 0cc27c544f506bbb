// Runs tasks in this process: fills in secrets, calls the task, turns its answer into JSON or a Failure, and masks the
// values of secrets in outputs, failures, log lines and progress (S4).
//
// 1. It never rejects, whatever a task throws or answers.
// 2. A task gets copies, so a task that changes its input does not change what was recorded.
// 3. After a call has ended, log lines and progress of its task are dropped.
import { type Failure, TaskError, failureFrom } from '../failure/failure.ts';
import { type Json, type JsonObject, isJsonObject, memberOf } from '../json.ts';
import { copyJson, payloadExcess } from '../payload.ts';
import type { LogLine } from '../logbook/task-log.ts';
import { secretPlaceholder } from '../run/values/names.ts';
import type { TaskCatalog, TaskContext, TaskType, Undo } from '../task/task.ts';
import { readWait } from '../task/read-wait.ts';
import { Waiting } from '../task/wait.ts';
import { textOf as wordsOfAny } from '../failure/thrown.ts';
import { mapText, maskFailure, maskOutcome } from './mask-outcome.ts';
import { SecretMask } from './mask-secrets.ts';
import type { SecretSource, SignOfLife, Stop, TaskCall, TaskOutcome, TaskRunner } from './task-runner.ts';

/** Receives the log lines of tasks. */
export type TaskLog = (line: Pick<LogLine, 'job' | 'atom' | 'attempt' | 'kind' | 'text'>) => void;

export interface InProcessRunnerOptions<World> {
  readonly catalog: TaskCatalog<World>;
  readonly world: World;
  readonly secrets: SecretSource;
  readonly log: TaskLog;
}

/** One call that has not ended. */
interface Running {
  readonly call: TaskCall;
  readonly stop: Stop;
  readonly onSign: ((sign: SignOfLife) => void) | undefined;
  /** Values of the secrets resolved so far, by name. */
  readonly values: Map<string, string>;
  /** Masks everything that leaves the call. */
  readonly mask: SecretMask;
  isOver: boolean;
  /** Number of lines logged so far. */
  logged: number;
}

/** Largest number of characters of a log line, and of a progress message. */
const MOST_LINE = 10_000;
const MOST_MESSAGE = 200;
/** Largest number of characters of the difference that a check reports: it is confirmed, recorded and shown as one sentence. */
export const MOST_DIFFERENCE = 2_000;

/** Runs the task types of a catalog. */
export function inProcessRunner<World>(options: InProcessRunnerOptions<World>): TaskRunner {
  return {
    async run(call, stop, onSign) {
      const values = new Map<string, string>();
      const mask = new SecretMask(values);
      const running: Running = { call, stop, onSign, values, mask, isOver: false, logged: 0 };
      try {
        const task = options.catalog.find(call.type, call.typeVersion);
        if (task === undefined) {
          throw new TaskError('TASK_TYPE_ABSENT', `This server does not know the task type ${call.type} version ${call.typeVersion}.`, {
            nothingDone: true,
          });
        }
        // Most calls have no secrets, and awaiting nothing would cost a microtask.
        const copied = copyJson(call.input);
        const hasSecrets = Object.keys(call.secrets).length > 0;
        const input = hasSecrets ? await withSecrets({ ...call, input: copied }, options.secrets, values) : copied;
        const outcome = await perform(task, { running, input, context: new CallContext({ options, running }) });
        return withLogged(maskOutcome(outcome, mask), running.logged);
      } catch (thrown) {
        const failure = maskFailure(failureFrom(thrown, mask.text), mask);
        const failed = { kind: 'failed', failure: stop.signal.aborted ? { ...failure, code: 'ABORTED' } : failure } as const;
        return withLogged(failed, running.logged);
      } finally {
        running.isOver = true;
      }
    },
  };
}

/** Adds the number of log lines, so that an entry can point to them. */
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
      return answer instanceof Waiting ? waitingFor(answer) : { kind: 'done', output: toJson(answer) };
    }
    case 'check': {
      const output = isJsonObject(call.output) ? call.output : undefined;
      const different = await task.check?.({ input, output, failure: call.failure ?? undefined }, context);
      return { kind: 'done', output: different == null ? null : textOf(different, MOST_DIFFERENCE, running.mask) };
    }
    case 'revert': {
      if (call.byApply) await task.apply(input, context);
      else {
        const answer = await task.revert?.(undoOf(call, input), context);
        if (answer instanceof Waiting) return waitingFor(answer);
      }
      return { kind: 'done', output: null };
    }
    case 'probe': {
      const answer = await task.probe?.(input, context);
      if (answer?.happened === 'yes') return { kind: 'done', output: toJson(answer.output) };
      return answer?.happened === 'no' ? { kind: 'absent' } : unknown(running, answer?.because);
    }
    case 'probeRevert': {
      // A container's own revert is an apply, so the probe of that apply is called.
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

/** Checked before it becomes JSON, where NaN would become null, which means without end. */
function waitingFor({ wait }: Waiting): TaskOutcome {
  const read = readWait(wait);
  return read.kind === 'wait' ? { kind: 'waiting', waiting: read.wait } : read;
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
    because: because === undefined ? 'the task type cannot tell' : textOf(because, MOST_MESSAGE, running.mask),
  };
}

interface CallParts<World> {
  readonly options: InProcessRunnerOptions<World>;
  readonly running: Running;
}

/** A class, because its signal is made only on demand, and an object literal with a getter is slow to create. */
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
  readonly secretIn: (value: Json) => string | null;
  readonly #stop: Stop;

  constructor({ options, running }: CallParts<World>) {
    const { call, mask } = running;
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
      options.log({ job, atom, attempt, kind, text: textOf(line, MOST_LINE, mask) });
    };
    this.progress = (fraction, message) =>
      say({
        // Progress without a number is still a sign of life.
        fraction: typeof fraction === 'number' && !Number.isNaN(fraction) ? Math.min(1, Math.max(0, fraction)) : null,
        message: message === undefined ? null : textOf(message, MOST_MESSAGE, mask),
      });
    this.heartbeat = () => say({ fraction: null, message: null });
    this.secretIn = (value) => mask.nameIn(value);
    this.#stop = running.stop;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }
}

/** Any value that a task gives, as text of bounded length. It is masked before it is cut, because half a secret is not found. */
function textOf(said: unknown, most: number, mask: SecretMask): string {
  try {
    const text = mask.text(wordsOfAny(said));
    return text.length > most ? `${text.slice(0, most)}…` : text;
  } catch {
    return '(a value that cannot be shown as text)';
  }
}

async function withSecrets(call: TaskCall, source: SecretSource, values: Map<string, string>): Promise<JsonObject> {
  let input = call.input;
  for (const [field, names] of Object.entries(call.secrets)) {
    for (const name of names) {
      const value = values.get(name) ?? (await source.resolve(name));
      if (value === undefined)
        throw new TaskError('SECRET_ABSENT', `The secret ${name} does not exist. Add it and try again.`, { nothingDone: true });
      values.set(name, value);
    }
    const current = memberOf(input, field);
    if (current !== undefined) {
      input = {
        ...input,
        [field]: mapText(current, (text) => withValues(text, names, values)),
      };
    }
  }
  return input;
}

/** One pass over the text, so that a secret's value that looks like a placeholder or a replacement pattern stays unchanged. */
function withValues(text: string, names: readonly string[], values: ReadonlyMap<string, string>): string {
  let filled = '';
  for (let at = 0; at < text.length; ) {
    const next = names.flatMap((name) => {
      const placeholder = secretPlaceholder(name);
      const from = text.indexOf(placeholder, at);
      return from < 0 ? [] : [{ from, to: from + placeholder.length, name }];
    });
    const first = next.sort((a, b) => a.from - b.from)[0];
    if (first === undefined) return filled + text.slice(at);
    filled += text.slice(at, first.from) + (values.get(first.name) ?? '');
    at = first.to;
  }
  return filled;
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
    throw new TaskError('OUTPUT_INVALID', 'The task answered with a value that cannot be written as JSON.', { cause: thrown });
  }
}
