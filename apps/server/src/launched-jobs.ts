// Jobs that tasks of other jobs launch, roll back and wait for (SEMANTICS P8, P9). Such a task uses the board and the
// operator, as a person does.
import { EngineError, type JobBoard, type LogbookStore, type Operator } from '@windlass/engine/ports';
import { type Act, type Actor, ENGINE_ACTOR } from '@windlass/engine/run';
import { TaskError } from '@windlass/engine/task';
import type { LaunchedJobs, LaunchedState } from '@windlass/tasks';

/** A refused launch is a failure of the task, with its code. An error of the store is thrown unchanged. */
function refuseLaunch(thrown: unknown): never {
  const codes: readonly string[] = ['FLOW_UNKNOWN', 'VERSION_UNKNOWN', 'LAUNCH_TOO_DEEP'];
  if (thrown instanceof EngineError && codes.includes(thrown.code)) {
    throw new TaskError(thrown.code, thrown.message, { cause: thrown, nothingDone: true });
  }
  throw thrown;
}

interface LaunchParts {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
}

/** `operatorOf` is called only when a task launches a job: the conductor is made after the world of the tasks. */
export function launchedJobs({ board, logbook }: LaunchParts, operatorOf: () => Operator): LaunchedJobs {
  const actorOf = async (job: string): Promise<Actor> => (await logbook.read(job, { after: 0, limit: 1 }))[0]?.actor ?? ENGINE_ACTOR;
  const state = async (job: string): Promise<LaunchedState> => {
    const row = await board.get(job);
    if (row === undefined) throw new TaskError('JOB_UNKNOWN', `There is no job ${job} any more.`);
    if (row.attention !== null) return { kind: 'stuck', words: `needs a person (${row.attention})` };
    if (row.state !== 'COMPLETE') return { kind: 'running' };
    switch (row.run) {
      case 'SUCCESS':
        return { kind: 'succeeded', outputs: (await operatorOf().snapshot(job)).outputs ?? {} };
      case 'REVERTED':
        return { kind: 'undone', words: row.forward === '' ? 'was rolled back' : row.forward };
      default:
        return { kind: 'partly', words: 'was rolled back, but not all of it' };
    }
  };
  return {
    state,
    async launch({ flow, version, inputs, key, parent }) {
      const order = { flow, version, inputs, priority: 0, actor: ENGINE_ACTOR, key, parent };
      const answer = await operatorOf().launch(order).catch(refuseLaunch);
      if (answer.kind === 'posted') return answer.job;
      const [problem] = answer.problems;
      throw new TaskError(
        'INPUTS_INVALID',
        `The inputs of the launched flow do not fit: ${problem?.path ?? ''} ${problem?.message ?? ''}.`,
        { nothingDone: true },
      );
    },
    byKey: (key) => board.byKey(key),
    async drift(job) {
      const drift = await operatorOf().drift(job, { kind: 'job' });
      return drift.length === 0 ? null : drift.map(({ atom, difference }) => `In the launched job, ${atom}: ${difference}`).join(' ');
    },
    async confirm({ job, hash, drift, reason, by }) {
      const operator = operatorOf();
      const row = await board.get(job);
      if (row === undefined) return `There is no job ${job} any more.`;
      if (row.run === 'REVERTED' || row.run === 'REVERTING') return null;
      const choice = { kind: 'job' } as const;
      const known = hash ?? (await operator.plan(job, choice)).hash;
      const act: Act = { kind: 'ROLL_BACK', reason, choice, hash: known, drift: [...drift] };
      const answer = await operator.act(job, act, await actorOf(by));
      return answer.kind === 'done' ? null : answer.message;
    },
    async rollBack(job) {
      const operator = operatorOf();
      const row = await board.get(job);
      if (row === undefined || row.run === 'REVERTED' || row.run === 'REVERTING') return;
      const reason = 'The job that launched it is rolled back.';
      if (row.run === 'PENDING' || row.run === 'RUNNING' || row.run === 'SUSPENDED' || row.run === 'SUSPENDING') {
        await operator.act(job, { kind: 'CANCEL', reason, then: 'revert' }, ENGINE_ACTOR);
        return;
      }
      const { hash, blocked } = await operator.plan(job, { kind: 'job' });
      if (blocked !== null) return;
      // The person who confirmed the plan of the launching job has read the changes in this job.
      const drift = [...(await operator.drift(job, { kind: 'job' }))];
      await operator.act(job, { kind: 'ROLL_BACK', reason, choice: { kind: 'job' }, hash, drift }, ENGINE_ACTOR);
    },
  };
}
