// What went wrong with one attempt, as it is stored and sent. A Failure is data, never a thrown thing.
import type { Json } from './json.ts';
import { payloadExcess } from './payload.ts';

/** Codes that the engine itself gives. A task may use any other UPPER_SNAKE word. */
export const ENGINE_FAILURE_CODES = [
  'INPUT_ABSENT',
  'INPUT_INVALID',
  'OUTPUT_INVALID',
  'PAYLOAD_TOO_LARGE',
  'PAYLOAD_TOO_DEEP',
  'MEMBER_REFUSED',
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
  /** The attempt certainly changed nothing, so there is nothing to revert. */
  readonly nothingDone?: true;
}

/**
 * Thrown by a task that wants its own code and data in the logbook. `nothingDone` promises that this attempt changed
 * nothing: then its revert is not called.
 */
export class TaskError extends Error {
  readonly code: string;
  readonly data: Json | undefined;
  readonly nothingDone: boolean;

  constructor(code: string, message: string, options: { data?: Json; cause?: unknown; nothingDone?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TaskError';
    this.code = code;
    this.data = options.data;
    this.nothingDone = options.nothingDone ?? false;
  }
}

const MAX_MESSAGE = 4_000;
const MAX_CAUSES = 8;
const MAX_CODE = 64;
const UNSHOWABLE = 'Something was thrown that cannot be shown as text.';

/**
 * Turns anything thrown into a Failure that can be recorded, with its chain of causes; never throws itself.
 * `mask` takes secrets out of texts before they are cut: half a secret would not be found later.
 */
export function failureFrom(thrown: unknown, mask: (text: string) => string = (text) => text): Failure {
  try {
    const causes: string[] = [];
    let cause = causeOf(thrown);
    while (cause !== undefined && causes.length < MAX_CAUSES) {
      causes.push(sentence(cause, mask));
      cause = causeOf(cause);
    }
    const own = ownWords(thrown);
    return { code: own.code, message: sentence(thrown, mask), ...(causes.length > 0 ? { causes } : {}), ...own.rest };
  } catch {
    // A proxy, or an error whose own fields throw.
    return { code: 'TASK_THREW', message: UNSHOWABLE };
  }
}

/** What a TaskError says of itself; one of another copy of this module counts too, as `instanceof` would not have it. */
function ownWords(thrown: unknown): { readonly code: string; readonly rest: Pick<Failure, 'data' | 'nothingDone'> } {
  if (!(thrown instanceof Error) || thrown.name !== 'TaskError' || !('code' in thrown)) return { code: 'TASK_THREW', rest: {} };
  const isWord = typeof thrown.code === 'string' && thrown.code !== '' && thrown.code.length <= MAX_CODE;
  const data = 'data' in thrown ? thrown.data : undefined;
  const isHarmless = 'nothingDone' in thrown && thrown.nothingDone === true;
  return {
    code: isWord ? String(thrown.code) : 'TASK_THREW',
    rest: { ...(data === undefined ? {} : { data: recordable(data) }), ...(isHarmless ? { nothingDone: true } : {}) },
  };
}

/** The data as JSON, or a sentence in its place: what cannot be written would keep the failure itself from being recorded. */
function recordable(data: unknown): Json {
  try {
    const before = payloadExcess('What came with the failure', data);
    if (before !== null) return before.message;
    const written = JSON.parse(JSON.stringify(data)) as Json;
    // What writes itself, with a toJSON, is known only now.
    return payloadExcess('What came with the failure', written)?.message ?? written;
  } catch {
    return 'What came with the failure cannot be written as JSON.';
  }
}

function causeOf(thrown: unknown): unknown {
  try {
    return thrown instanceof Error ? thrown.cause : undefined;
  } catch {
    return undefined;
  }
}

function sentence(thrown: unknown, mask: (text: string) => string): string {
  try {
    const text = mask(String(thrown instanceof Error ? thrown.message || thrown.name : thrown));
    return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
  } catch {
    return UNSHOWABLE;
  }
}
