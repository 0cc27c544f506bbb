// Makes one call of a task for tests.
import type { TaskCall } from '../dispatch/task-runner.ts';

/** An apply of type `t` without inputs, with the given changes. */
export function callOf(more: Partial<TaskCall> = {}): TaskCall {
  return {
    kind: 'apply',
    job: 'j',
    atom: 'a',
    attempt: 1,
    type: 't',
    typeVersion: 1,
    input: {},
    secrets: {},
    output: null,
    failure: null,
    idempotencyKey: 'k',
    startedAt: 0,
    stage: null,
    prior: null,
    byApply: false,
    ...more,
  };
}
