import { TaskError } from '@windlass/engine/task';

/** The apply of a type that waits. The engine waits instead of calling it, so a call is a defect. */
export async function notApplied(): Promise<never> {
  throw new TaskError('NOT_APPLIED', 'This type of task waits and is never applied.');
}
