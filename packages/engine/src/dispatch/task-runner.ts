// The port that runs one call of apply, revert, probe or check: in this process or on a worker.
import type { Failure } from '../failure/failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Wait } from '../task/wait.ts';

/** All that one call needs; it was committed before. */
export interface TaskCall {
  readonly kind: 'apply' | 'revert' | 'probe' | 'probeRevert' | 'check';
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  readonly type: string;
  readonly typeVersion: number;
  readonly input: JsonObject;
  /** Names of secrets by input; `input` holds placeholders for them. */
  readonly secrets: { readonly [input: string]: readonly string[] };
  /** Of a revert: the output that apply saved. */
  readonly output: Json | null;
  readonly failure: Failure | null;
  /** Of a revert: the difference that `check` reported, after a person confirmed undoing it anyway (B6). */
  readonly drift?: string;
  readonly idempotencyKey: string;
  readonly startedAt: number;
  /** Of a resource: the stage to call, and the outputs of its earlier stages. */
  readonly stage: string | null;
  readonly prior: JsonObject | null;
  /** True for a container's own revert: the task's apply carries it out. */
  readonly byApply: boolean;
}

/** The end of a call. `absent` and `unknown` are answers of a probe: it did not happen (or is not undone), or it is unknown. */
export type TaskOutcome = TaskAnswer & {
  /** Number of lines that it logged; absent when it logged none. */
  readonly logged?: number;
};

type TaskAnswer =
  | { readonly kind: 'done'; readonly output: Json }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'waiting'; readonly waiting: Wait }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly because: string };

/** Tells a call that it must stop. Read `signal` only when needed: making it costs 3 µs. */
export interface Stop {
  readonly signal: AbortSignal;
}

/** A running call's progress (0 to 1, with a message), or a heartbeat without either. Not recorded (A6). */
export interface SignOfLife {
  readonly fraction: number | null;
  readonly message: string | null;
}

/** Runs calls. Never rejects: an exception of a task becomes `failed`. `onSign` is called with signs of life until the call ends. */
export interface TaskRunner {
  run(call: TaskCall, stop: Stop, onSign?: (sign: SignOfLife) => void): Promise<TaskOutcome>;
}

/** Reads secrets by name; undefined for an unknown name. Values never reach the logbook (S4). */
export interface SecretSource {
  resolve(name: string): Promise<string | undefined>;
}
