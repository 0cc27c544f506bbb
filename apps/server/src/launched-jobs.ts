// Jobs that tasks of other jobs launch, roll back and wait for (P8, P9). Such a task uses the board and the
// operator, as a person does.
import { whyNotLaunchable } from '@windlass/engine/definition';
import { EngineError, type FlowStore, type JobBoard, type LogbookStore, type Operator } from '@windlass/engine/ports';
import { type Act, type Actor, type Drift, ENGINE_ACTOR } from '@windlass/engine/run';
import { TaskError } from '@windlass/engine/task';
import type { LaunchedJobs, LaunchedState } from '@windlass/tasks';
import { attentionWords, undoneWords } from './launched-words.ts';

/** A refused launch is a failure of the task, with its code. An error of the store is thrown unchanged. */
function refuseLaunch(thrown: unknown): never {
  const codes: readonly string[] = ['FLOW_UNKNOWN', 'VERSION_UNKNOWN', 'LAUNCH_TOO_DEEP'];
  if (thrown instanceof EngineError && codes.includes(thrown.code)) {
    throw new TaskError(thrown.code, thrown.message, { cause: thrown, nothingDone: true });
  }
  throw thrown;
}

/** Largest number of attempts to roll another job back. The plan is made anew for each, because the job may go on in between. */
const MOST_TRIES = 3;

/** The drift of a launched job in one text; null without drift. */
function wordsOf(drift: readonly Drift[]): string | null {
  return drift.length === 0 ? null : drift.map(({ atom, difference }) => `In the launched job, ${atom}: ${difference}`).join(' ');
}

interface Refused {
  readonly message: string;
  /** Is another answer possible when the job is looked at again? */
  readonly mayHaveChanged: boolean;
}

interface LaunchParts {
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly flows: Pick<FlowStore, 'presence' | 'versions'>;
}

/** `operatorOf` is called only when a task launches a job: the conductor is made after the world of the tasks. */
export function launchedJobs({ board, logbook, flows }: LaunchParts, operatorOf: () => Operator): LaunchedJobs {
  const actorOf = async (job: string): Promise<Actor> => (await logbook.read(job, { after: 0, limit: 1 }))[0]?.actor ?? ENGINE_ACTOR;
  const state = async (job: string): Promise<LaunchedState> => {
    const row = await board.get(job);
    if (row === undefined) throw new TaskError('JOB_UNKNOWN', `There is no job ${job} any more.`);
    if (row.attention !== null) return { kind: 'stuck', words: attentionWords(row.attention) };
    if (row.state !== 'COMPLETE') return { kind: 'running' };
    switch (row.run) {
      case 'SUCCESS':
        return { kind: 'succeeded', outputs: (await operatorOf().snapshot(job)).outputs ?? {} };
      case 'REVERTED':
        return { kind: 'undone', words: undoneWords(row) };
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
      const problems = answer.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
      throw new TaskError('INPUTS_INVALID', `The inputs of the launched flow do not fit: ${problems.replace(/\.$/, '')}.`, {
        nothingDone: true,
      });
    },
    whyNot: async (order) => (await whyNotLaunchable(flows, order))?.message ?? null,
    byKey: (key) => board.byKey(key),
    async drift(job) {
      return wordsOf(await operatorOf().drift(job, { kind: 'job' }));
    },
    async confirm(order) {
      const actor = await actorOf(order.by);
      // Another act may have begun the rollback, or changed the plan, between the look at the job and the act.
      for (let tries = 1; ; tries += 1) {
        const refused = await confirmOnce(order, actor);
        if (refused === null || tries === MOST_TRIES || !refused.mayHaveChanged) return refused?.message ?? null;
      }
    },
    async wakes(job, waiting) {
      if ((await board.get(job))?.parent === waiting) return true;
      return (await operatorOf().snapshot(job)).rollback?.confirmedBy?.job === waiting;
    },
    async rollBack(job, drift) {
      // The job may change between the plan and the act.
      for (let tries = 1; ; tries += 1) {
        const refused = await beginRollback(job, drift);
        if (refused === null || tries === MOST_TRIES) return refused;
      }
    },
  };

  /** Confirms the rollback of the job as it stands; why it was refused, or null if it is under way or done. */
  async function confirmOnce(order: Parameters<LaunchedJobs['confirm']>[0], actor: Actor): Promise<Refused | null> {
    const { job, hash, drift, reason, by, key, since } = order;
    const operator = operatorOf();
    const row = await board.get(job);
    if (row === undefined) return { message: `There is no job ${job} any more.`, mayHaveChanged: false };
    if (row.run === 'REVERTED' || row.run === 'REVERTING') return null;
    const { rollback } = await operator.snapshot(job);
    // A rollback that this task confirmed or awaited is not confirmed again, whatever a person has done with it since.
    const isKnown = rollback?.confirmedBy?.key === key || (hash === undefined ? (rollback?.since ?? 0) >= since : rollback?.plan === hash);
    if (rollback?.plan !== undefined && isKnown) return null;
    const choice = { kind: 'job' } as const;
    const known = hash ?? (await operator.plan(job, choice)).hash;
    const act: Act = { kind: 'ROLL_BACK', reason, choice, hash: known, drift: [...drift], confirmedBy: { job: by, key } };
    const answer = await operator.act(job, act, actor);
    if (answer.kind === 'done') return null;
    const { message, code } = answer;
    const after = await board.get(job);
    return { message, mayHaveChanged: code === 'PLAN_CHANGED' || code === 'CLAIM_TAKEN' || after?.run !== row.run };
  }

  /** One act that fits the job as it stands; why it was refused, or null. */
  async function beginRollback(job: string, confirmed: string | null): Promise<string | null> {
    const operator = operatorOf();
    const row = await board.get(job);
    if (row === undefined || row.run === 'REVERTED' || row.run === 'REVERTING') return null;
    const reason = 'The job that launched it is rolled back.';
    if (row.run === 'PENDING' || row.run === 'RUNNING' || row.run === 'SUSPENDED' || row.run === 'SUSPENDING') {
      const answer = await operator.act(job, { kind: 'CANCEL', reason, then: 'revert' }, ENGINE_ACTOR);
      return answer.kind === 'done' ? null : answer.message;
    }
    const choice = { kind: 'job' } as const;
    const { hash, blocked } = await operator.plan(job, choice);
    if (blocked !== null) return blocked;
    // Only drift that a person has read in the plan of the launching job counts as confirmed here.
    const found = await operator.drift(job, choice);
    const drift = wordsOf(found) === confirmed ? [...found] : [];
    const answer = await operator.act(job, { kind: 'ROLL_BACK', reason, choice, hash, drift }, ENGINE_ACTOR);
    return answer.kind === 'done' ? null : answer.message;
  }
}
