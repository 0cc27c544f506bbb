// Outcome of a call -> the event on which its driver decides.
import type { CallOrder } from '../../dispatch/call-order.ts';
import type { TaskOutcome } from '../../dispatch/task-runner.ts';
import type { RunEvent } from '../../events.ts';
import type { RevertProbeAnswer } from '../../task/task.ts';

/** An event before its driver adds time, actor and token. */
export type UnsignedEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time' | 'actor' | 'token'> : never) : never;

/** The event for the end of a call. */
export function eventOf(call: CallOrder, revertAttempt: number, outcome: TaskOutcome): UnsignedEvent {
  const { atom, attempt } = call;
  const logged = <E extends UnsignedEvent>(event: E): E => (outcome.logged === undefined ? event : { ...event, logged: outcome.logged });
  switch (call.kind) {
    case 'apply':
      if (outcome.kind === 'done') return logged({ kind: 'APPLIED', atom, attempt, output: outcome.output });
      if (outcome.kind === 'waiting') return { kind: 'POSTED', atom, attempt, waiting: outcome.waiting };
      return logged({ kind: 'APPLY_FAILED', atom, attempt, failure: failureOf(outcome) });
    case 'revert':
      if (outcome.kind === 'done') return logged({ kind: 'REVERTED', atom, attempt, revertAttempt });
      if (outcome.kind === 'waiting') return { kind: 'REVERT_WAITS', atom, attempt, revertAttempt, waiting: outcome.waiting };
      return logged({ kind: 'REVERT_FAILED', atom, attempt, revertAttempt, failure: failureOf(outcome) });
    case 'probeRevert':
      return { kind: 'REVERT_PROBED', atom, attempt, revertAttempt, answer: revertProbeAnswerOf(outcome) };
    case 'check':
    case 'probe':
      if (outcome.kind === 'done') return { kind: 'PROBED', atom, attempt, answer: { happened: 'yes', output: outcome.output } };
      if (outcome.kind === 'absent') return { kind: 'PROBED', atom, attempt, answer: { happened: 'no' } };
      return { kind: 'PROBED', atom, attempt, answer: { happened: 'unknown', because: failureOf(outcome).message } };
  }
}

function revertProbeAnswerOf(outcome: TaskOutcome): RevertProbeAnswer {
  if (outcome.kind === 'done') return { undone: 'yes' };
  return outcome.kind === 'absent' ? { undone: 'no' } : { undone: 'unknown', because: failureOf(outcome).message };
}

function failureOf(outcome: Exclude<TaskOutcome, { kind: 'done' }>) {
  switch (outcome.kind) {
    case 'failed':
      return outcome.failure;
    case 'waiting':
      return { code: 'TASK_THREW', message: 'Only an apply can wait.' };
    case 'absent':
      return { code: 'TASK_THREW', message: 'The task did not happen.' };
    case 'unknown':
      return { code: 'TASK_THREW', message: `The outcome is unknown: ${outcome.because}.` };
  }
}
