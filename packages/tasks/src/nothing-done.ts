// What a task does before it changes anything: it parses, it looks, it is refused. A failure in there says so, and
// then the engine calls no revert and lists nothing as left standing.
import { TaskError } from '@windlass/engine/task';

/** Runs what only looks, with its failures saying that nothing was done. */
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
