// Errors after which reading a job again fails in the same way. An error of the store is none of them, because it is temporary.
import { EngineError, type EngineErrorCode } from '../errors.ts';

const UNREADABLE: ReadonlySet<EngineErrorCode> = new Set(['LOGBOOK_BROKEN', 'TRANSITION_ILLEGAL']);
const ABSENT: ReadonlySet<EngineErrorCode> = new Set(['FLOW_UNKNOWN', 'VERSION_UNKNOWN', 'DEFINITION_INVALID', 'VALUE_UNKNOWN']);

/** Is the logbook itself unreadable? */
export function isUnreadable(cause: unknown): boolean {
  return cause instanceof EngineError && UNREADABLE.has(cause.code);
}

/** Would loading the run again fail in the same way: is its logbook broken, or its flow version absent? */
export function isPermanent(cause: unknown): boolean {
  return isUnreadable(cause) || (cause instanceof EngineError && ABSENT.has(cause.code));
}

/** Null if the job, or the flow version, can never be read. Throws every other error, such as one of the store. */
export async function ifReadable<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (thrown) {
    if (isPermanent(thrown)) return null;
    throw thrown;
  }
}
