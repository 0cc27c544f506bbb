// One call of a task by the reference: its arguments, the answer of the task, and the record of the call.
import type { Json } from '@windlass/engine/definition';
import type { Call } from './case.ts';
import type { Answer, Conducts } from './conduct.ts';
import type { DrawnTask } from './drawing.ts';
import { argumentsFrom } from './names.ts';
import type { Known } from './reference-atoms.ts';

export interface Called {
  readonly answer: Answer;
  /** Null for a call that never came to the task. */
  readonly call: Call | null;
}

export function callTask(
  task: DrawnTask,
  kind: 'apply' | 'revert',
  { conducts, known, failures }: { readonly conducts: Conducts; readonly known: Known; readonly failures: readonly string[] },
): Called {
  const { given, absent } = argumentsFrom(known.given, kind, task.wants);
  if (absent.length > 0) return { answer: { kind: 'failed' }, call: null };
  const answer = kind === 'apply' ? conducts.apply(task, given) : conducts.revert(task, given);
  if (answer.kind === 'crash') return { answer, call: null };
  if (kind === 'apply') return { answer, call: ['execute', task.name, given] };
  const result: Json = known.result === undefined ? 'Failure' : known.result;
  return { answer, call: ['revert', task.name, { result, flow_failures: [...failures], ...given }] };
}
