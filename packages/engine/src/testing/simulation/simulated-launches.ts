// Tasks of a simulation that launch a job each and wait for it, as the task *Launch a flow* does (P9): the revert
// cancels that job or rolls it back. They use the board and the operator of the conductor that calls them.
import { ENGINE_ACTOR } from '../../actor.ts';
import type { JobBoard } from '../../board/job-board.ts';
import type { JobRow } from '../../board/job.ts';
import type { TaskCall, TaskOutcome } from '../../dispatch/task-runner.ts';
import type { Operator } from '../../operator.ts';

export interface Launched {
  readonly job: string;
  readonly parent: string;
  readonly atom: string;
  readonly attempt: number;
}

type LaunchCall = Pick<TaskCall, 'kind' | 'job' | 'atom' | 'attempt' | 'idempotencyKey'>;

export class SimulatedLaunches {
  readonly #board: Pick<JobBoard, 'get' | 'byKey' | 'post'>;
  readonly #now: () => number;
  /** Every launched job. */
  readonly all: Launched[] = [];
  /** The flow that is launched. */
  flow = '';

  constructor(board: Pick<JobBoard, 'get' | 'byKey' | 'post'>, now: () => number) {
    this.#board = board;
    this.#now = now;
  }

  /** Never rejects. */
  async call(call: LaunchCall, operator: Operator): Promise<TaskOutcome> {
    try {
      return await (call.kind === 'revert' ? this.#revert(call, operator) : this.#apply(call));
    } catch (thrown) {
      return failed(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** The job is posted at once, as every effect of a simulation is there at once; only the answer takes its time. */
  async #apply({ job: parent, atom, attempt, idempotencyKey: key }: LaunchCall): Promise<TaskOutcome> {
    const order = {
      flow: this.flow,
      version: 1,
      flowName: 'launched',
      inputs: {},
      priority: 0,
      actor: ENGINE_ACTOR,
      key,
      parent: { job: parent, atom },
    };
    const { job } = await this.#board.post(order, this.#now());
    if (!this.all.some((known) => known.job === job)) this.all.push({ job, parent, atom, attempt });
    const row = await this.#board.get(job);
    if (row?.state !== 'COMPLETE') return this.#waitFor(job);
    return row.run === 'SUCCESS' ? { kind: 'done', output: { job } } : failed(`the launched job is ${row.run}`);
  }

  async #revert({ idempotencyKey }: LaunchCall, operator: Operator): Promise<TaskOutcome> {
    const job = await this.#board.byKey(idempotencyKey.replace(/\/revert$/, ''));
    const before = job === undefined ? undefined : await this.#board.get(job);
    if (before === undefined) return { kind: 'done', output: null };
    const refused = await undo(before, operator);
    const row = await this.#board.get(before.id);
    if (row?.run === 'REVERTED') return { kind: 'done', output: null };
    if (row?.attention != null || row?.run === 'PARTIALLY_REVERTED') return failed(`the launched job is ${row.run}`);
    return refused === null ? this.#waitFor(before.id) : failed(refused);
  }

  #waitFor(job: string): TaskOutcome {
    return { kind: 'waiting', waiting: { on: 'job', job, until: this.#now() + 30_000, output: { job } } };
  }
}

/** One act that fits the job as it stands; why it was refused, or null. */
async function undo({ id, run }: JobRow, operator: Operator): Promise<string | null> {
  if (run === 'REVERTED' || run === 'REVERTING') return null;
  const reason = 'The job that launched it is rolled back.';
  if (run === 'PENDING' || run === 'RUNNING' || run === 'SUSPENDING' || run === 'SUSPENDED') {
    const answer = await operator.act(id, { kind: 'CANCEL', reason, then: 'revert' }, ENGINE_ACTOR);
    return answer.kind === 'done' ? null : answer.message;
  }
  const choice = { kind: 'job' } as const;
  const { hash, blocked } = await operator.plan(id, choice);
  if (blocked !== null) return blocked;
  const answer = await operator.act(id, { kind: 'ROLL_BACK', reason, choice, hash }, ENGINE_ACTOR);
  return answer.kind === 'done' ? null : answer.message;
}

function failed(message: string): TaskOutcome {
  return { kind: 'failed', failure: { code: 'JOB_FAILED', message } };
}
