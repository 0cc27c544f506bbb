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
import { type Wait, Waiting } from '../wait.ts';
import { textOf as wordsOfAny } from '../thrown.ts';
import { mapText, maskFailure, maskOutcome } from './mask-outcome.ts';
import { SecretMask } from './mask-secrets.ts';
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
  /** For all that leaves the call. */
  readonly mask: SecretMask;
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
        // Most calls have none, and waiting for nothing costs a turn of the microtasks.
        const copied = { ...call, input: copyJson(call.input) };
        const hasSecrets = Object.keys(call.secrets).length > 0;
        const input = hasSecrets ? await withSecrets(copied, options.secrets, values) : copied.input;
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
      return answer instanceof Waiting
        ? { kind: 'waiting', waiting: toJson(answer.wait) as unknown as Wait }
        : { kind: 'done', output: toJson(answer) };
    }
    case 'check': {
      const output = isJsonObject(call.output) ? call.output : undefined;
      const different = await task.check?.({ input, output, failure: call.failure ?? undefined }, context);
      return { kind: 'done', output: different ?? null };
    }
    case 'revert': {
      if (call.byApply) await task.apply(input, context);
      else {
        const answer = await task.revert?.(undoOf(call, input), context);
        if (answer instanceof Waiting) return { kind: 'waiting', waiting: answer.wait };
      }
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
    because: because === undefined ? 'the task type cannot tell' : textOf(because, MOST_MESSAGE, running.mask),
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
        // What is no number says at least that it lives.
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

/** What a task says, as text of bounded length; a task is free to say anything. Masked before it is cut: half a secret is not found. */
function textOf(said: unknown, most: number, mask: SecretMask): string {
  try {
    const text = mask.text(wordsOfAny(said));
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
        [field]: mapText(current, (text) => withValues(text, names, values)),
      };
    }
  }
  return input;
}

/** In one pass: a value that looks like a placeholder, or like a pattern of a replacement, stays as it is. */
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
    throw new TaskError('OUTPUT_INVALID', 'The task answered with something that cannot be written as JSON.', { cause: thrown });
  }
}
