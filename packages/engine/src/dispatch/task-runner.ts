// The port that runs one apply, revert or probe somewhere: in this process, or on a worker.
import type { Failure } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Wait } from '../wait.ts';

/** What is needed to run one call; all of it was committed before. */
export interface TaskCall {
  readonly kind: 'apply' | 'revert' | 'probe' | 'probeRevert' | 'check';
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  readonly type: string;
  readonly typeVersion: number;
  readonly input: JsonObject;
  /** Names of secrets by input, standing in `input` as placeholders. */
  readonly secrets: { readonly [input: string]: readonly string[] };
  /** For a revert. */
  readonly output: Json | null;
  readonly failure: Failure | null;
  /** For a revert: what `check` said to have changed, where a person has confirmed that it is undone all the same (B6). */
  readonly drift?: string;
  readonly idempotencyKey: string;
  readonly startedAt: number;
  /** Of a resource: the stage, and what its stages have given so far. */
  readonly stage: string | null;
  readonly prior: JsonObject | null;
  /** A container's own revert: this revert is carried out by applying the task. */
  readonly byApply: boolean;
}

/** How it went. `absent` and `unknown` are answers of a probe: it did not happen (is not undone), or nobody can tell. */
export type TaskOutcome = TaskAnswer & {
  /** Lines that it has logged; left out where there are none. */
  readonly logged?: number;
};

type TaskAnswer =
  | { readonly kind: 'done'; readonly output: Json }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'waiting'; readonly waiting: Wait }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly because: string };

/** How a call learns that it is to stop. Ask for the signal only where it is needed: making one costs 3 µs of a step. */
export interface Stop {
  readonly signal: AbortSignal;
}

/** What a running call says of itself: how far it is (0 to 1), with what; a mere heartbeat has neither. Not recorded (A6). */
export interface SignOfLife {
  readonly fraction: number | null;
  readonly message: string | null;
}

/** Runs calls. Never rejects: what a task throws is a `failed`. `onSign` hears signs of life until the call has ended. */
export interface TaskRunner {
  run(call: TaskCall, stop: Stop, onSign?: (sign: SignOfLife) => void): Promise<TaskOutcome>;
}

/** Where secrets come from; undefined when there is none of that name. Values never reach the logbook (S4). */
export interface SecretSource {
  resolve(name: string): Promise<string | undefined>;
}
