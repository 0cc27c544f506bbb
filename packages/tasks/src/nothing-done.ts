// The part of a task before its first change: parsing, reading, refusals. A failure in this part says that nothing was
// done; then the engine calls no revert and lists no effect as left standing.
import { TaskError } from '@windlass/engine/task';

/** Runs code that changes nothing. Its failures say that nothing was done. */
export async function beforeAnything<Found>(look: () => Found | Promise<Found>): Promise<Found> {
  try {
    return await look();
  } catch (thrown) {
    throw thrown instanceof TaskError ? sayingSo(thrown) : thrown;
  }
}

function sayingSo({ code, message, data, cause }: TaskError): TaskError {
  return new TaskError(code, message, {
    nothingDone: true,
    ...(data === undefined ? {} : { data }),
    ...(cause === undefined ? {} : { cause }),
  });
}
