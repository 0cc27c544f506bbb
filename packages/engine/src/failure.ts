// What went wrong with one attempt, as it is stored and sent. A Failure is data, never a thrown thing.
import type { Json } from './json.ts';

/** Codes that the engine itself gives. A task may use any other UPPER_SNAKE word. */
export const ENGINE_FAILURE_CODES = [
  'INPUT_ABSENT',
  'INPUT_INVALID',
  'OUTPUT_INVALID',
  'PAYLOAD_TOO_LARGE',
  'EXPRESSION_FAILED',
  'SECRET_ABSENT',
  'TASK_TYPE_ABSENT',
  'TASK_THREW',
  'ABORTED',
] as const;

/** A recorded failure. `message` is one clear sentence; `causes` runs from the nearest cause to the deepest. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly causes?: readonly string[];
  readonly data?: Json;
}

/** Thrown by a task that wants its own code and data in the logbook. */
export class TaskError extends Error {
  readonly code: string;
  readonly data: Json | undefined;

  constructor(code: string, message: string, options: { data?: Json; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TaskError';
    this.code = code;
    this.data = options.data;
  }
}

const MAX_MESSAGE = 4_000;
const MAX_CAUSES = 8;

/** Turns anything thrown into a Failure, with its chain of causes; never throws itself. */
export function failureFrom(thrown: unknown): Failure {
  const causes: string[] = [];
  let cause: unknown = thrown instanceof Error ? thrown.cause : undefined;
  while (cause !== undefined && causes.length < MAX_CAUSES) {
    causes.push(sentence(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return {
    code: thrown instanceof TaskError ? thrown.code : 'TASK_THREW',
    message: sentence(thrown),
    ...(causes.length > 0 ? { causes } : {}),
    ...(thrown instanceof TaskError && thrown.data !== undefined ? { data: thrown.data } : {}),
  };
}

function sentence(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
    return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
  } catch {
    return 'Something was thrown that cannot be shown as text.';
  }
}
