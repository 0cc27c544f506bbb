import { TaskError } from '@windlass/engine/task';

/** The apply of a type that waits: the engine waits for it, so this is called only where the engine does not know that. */
export async function notApplied(): Promise<never> {
  throw new TaskError('NOT_APPLIED', 'This type of task waits and is never applied.');
}
