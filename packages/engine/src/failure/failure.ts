// The failure of one attempt, as it is stored and sent. A Failure is data and is never thrown.
import type { Json } from '../json.ts';
import { payloadExcess } from '../payload.ts';
import { type ErrorLike, type Mask, causeWords, causesOf, codeOf, factsOf, isErrorLike, stackOf, wordsOf } from './thrown.ts';

/** Code of an attempt whose outcome is not known: its conductor was lost, and the run did not go on with it. */
export const CONDUCTOR_LOST = 'CONDUCTOR_LOST';

/** A recorded failure. `message` is one clear sentence; `causes` runs from the nearest cause to the deepest. */
export interface Failure {
  /** A code of the engine, of a TaskError, or of another error, such as ECONNREFUSED or a database's 23505. */
  readonly code: string;
  readonly message: string;
  readonly causes?: readonly string[];
  /** The data of a TaskError; for another error its own members, such as `detail`, `constraint` or `path`. */
  readonly data?: Json;
  /** The attempt certainly changed nothing, so there is nothing to revert. */
  readonly nothingDone?: true;
  /** Stack frames, one per line; absent for a TaskError without a cause. */
  readonly stack?: string;
}

/**
 * Thrown by a task to give the failure a code and data. `nothingDone` promises that this attempt changed nothing, so its
 * revert is not called.
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

const MOST_CODE = 64;

/**
 * Turns any thrown value into a Failure that can be recorded, with its text, code, facts, causes and stack. Never throws.
 * `mask` masks secrets in texts before they are cut.
 */
export function failureFrom(thrown: unknown, mask: Mask = (text) => text): Failure {
  try {
    const found = causesOf(thrown);
    const causes = found.map((cause) => causeWords(cause, mask));
    // The text of a TaskError is enough to find its origin, so only the stacks of its causes are kept.
    const stack = stackOf(isTaskError(thrown) ? found : [thrown, ...found], mask);
    return {
      ...ownWords(thrown, mask),
      ...(causes.length > 0 ? { causes } : {}),
      ...(stack === undefined ? {} : { stack }),
    };
  } catch (cause) {
    return { code: 'TASK_THREW', message: wordsOf(cause, mask) };
  }
}

/** A TaskError of another copy of this module counts too; `instanceof` would not recognise it. */
function isTaskError(thrown: unknown): thrown is ErrorLike & { readonly data?: unknown; readonly nothingDone?: unknown } {
  return isErrorLike(thrown) && thrown.name === 'TaskError' && 'code' in thrown;
}

function ownWords(thrown: unknown, mask: Mask): Omit<Failure, 'causes' | 'stack'> {
  const message = wordsOf(thrown, mask);
  if (isTaskError(thrown)) {
    const isWord = typeof thrown.code === 'string' && thrown.code !== '' && thrown.code.length <= MOST_CODE;
    return {
      code: isWord ? String(thrown.code) : 'TASK_THREW',
      message,
      ...(thrown.data === undefined ? {} : { data: recordable(thrown.data) }),
      ...(thrown.nothingDone === true ? { nothingDone: true } : {}),
    };
  }
  if (isErrorLike(thrown)) {
    const facts = factsOf(thrown, mask);
    return { code: codeOf(thrown) ?? 'TASK_THREW', message, ...(facts === undefined ? {} : { data: facts }) };
  }
  const isObject = typeof thrown === 'object' && thrown !== null;
  return { code: 'TASK_THREW', message, ...(isObject ? { data: recordable(thrown) } : {}) };
}

/** The data as JSON, or a sentence instead, because data that cannot be written would prevent recording the failure. */
function recordable(data: unknown): Json {
  try {
    const before = payloadExcess('What came with the failure', data);
    if (before !== null) return before.message;
    const written = JSON.parse(JSON.stringify(data)) as Json;
    // The size of a value with its own toJSON is known only after writing it.
    return payloadExcess('What came with the failure', written)?.message ?? written;
  } catch {
    return 'What came with the failure cannot be written as JSON.';
  }
}
