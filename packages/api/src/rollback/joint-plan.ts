import { EngineError } from '@windlass/engine/ports';
import type { Drift, JobRow, RollbackPlan } from '@windlass/engine/run';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { jobId, jobRow } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { stagesOf } from './joint-stages.ts';
import { drift, jobUse, rollbackPlan } from './shapes.ts';
import { type JobUse, usersOf } from './users-of.ts';

/** More at once is nothing that a person reads. */
export const MOST_JOBS = 50;
export const jobIds = z.array(jobId).min(1).max(MOST_JOBS);

/** One job of a joint rollback, with its own plan, what drifted, and which later jobs used what it undoes. */
export interface JointRow {
  readonly row: JobRow;
  readonly plan: RollbackPlan;
  readonly drift: readonly Drift[];
  readonly usedBy: readonly JobUse[];
}

/** The plans of several jobs as one: what each would undo, in which order, and who else used it. Asking changes nothing. */
export const jointPlan = procedure
  .input(z.object({ jobs: jobIds }))
  .output(
    z.object({
      /** Ids of jobs: all of a stage together, after the stage before. */
      stages: z.array(z.array(z.string())),
      jobs: z.array(z.object({ row: jobRow, plan: rollbackPlan, drift: z.array(drift), usedBy: z.array(jobUse) })),
    }),
  )
  .query(async ({ ctx, input }) => {
    const { stages, jobs } = await makeJointPlan(ctx, input.jobs);
    return { stages, jobs: jobs.map(({ drift: drifted, usedBy, ...one }) => ({ ...one, drift: [...drifted], usedBy: [...usedBy] })) };
  });

export async function makeJointPlan(
  services: Pick<Services, 'board' | 'logbook' | 'operator'>,
  ids: readonly string[],
): Promise<{ stages: string[][]; jobs: JointRow[] }> {
  const choice = { kind: 'job' } as const;
  const jobs = await Promise.all(
    [...new Set(ids)].map(async (job): Promise<JointRow> => {
      const row = await services.board.get(job);
      if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
      const plan = await services.operator.plan(job, choice);
      const [drifted, usedBy] = await Promise.all([
        plan.blocked === null ? services.operator.drift(job, choice) : [],
        usersOf(services, { job, plan }),
      ]);
      return { row, plan, drift: drifted, usedBy };
    }),
  );
  const stages = stagesOf(jobs.map(({ row, usedBy }) => ({ job: row.id, parent: row.parent, users: usedBy.map(({ job }) => job) })));
  return { stages, jobs };
}
