// The plans of several jobs as one: what each rollback undoes, in which order, and which other jobs used the outputs.
import type { JobBoard } from '../board/job-board.ts';
import type { JobRow } from '../board/job.ts';
import { EngineError } from '../errors.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { Operator } from '../operator.ts';
import type { Drift, RollbackPlan } from '../run/plan/rollback-plan.ts';
import { stagesOf } from './joint-stages.ts';
import { type JobUse, usersOf } from './users-of.ts';

/** Callers refuse more jobs than a person can read. */
export const MOST_JOINT_JOBS = 50;

export interface JointPorts {
  readonly board: Pick<JobBoard, 'get' | 'list'>;
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly operator: Pick<Operator, 'plan' | 'drift'>;
}

/** One job of a joint rollback: its own plan, its drift, and the later jobs that used outputs that the plan undoes. */
export interface JointRow {
  readonly row: JobRow;
  readonly plan: RollbackPlan;
  readonly drift: readonly Drift[];
  readonly usedBy: readonly JobUse[];
}

export interface JointPlan {
  /** Job ids by stage; the jobs of a stage are rolled back together, after the stage before. */
  readonly stages: readonly (readonly string[])[];
  readonly jobs: readonly JointRow[];
}

/** Makes a joint plan and changes nothing. Throws JOB_UNKNOWN. */
export async function makeJointPlan({ board, logbook, operator }: JointPorts, ids: readonly string[]): Promise<JointPlan> {
  const choice = { kind: 'job' } as const;
  const jobs = await Promise.all(
    [...new Set(ids)].map(async (job): Promise<JointRow> => {
      const row = await board.get(job);
      if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
      const plan = await operator.plan(job, choice);
      const [drift, usedBy] = await Promise.all([
        plan.blocked === null ? operator.drift(job, choice) : [],
        usersOf({ board, logbook }, { job, plan }),
      ]);
      return { row, plan, drift, usedBy };
    }),
  );
  const stages = stagesOf(jobs.map(({ row, usedBy }) => ({ job: row.id, parent: row.parent, users: usedBy.map(({ job }) => job) })));
  return { stages, jobs };
}
