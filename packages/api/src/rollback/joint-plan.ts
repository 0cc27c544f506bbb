import { MOST_JOINT_JOBS, makeJointPlan } from '@windlass/engine/ports';
import { z } from 'zod';
import { jobId, jobRow } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { drift, jobUse, rollbackPlan } from './shapes.ts';

/** The plans of several jobs as one. Asking changes nothing. */
export const jointPlan = procedure
  .input(z.object({ jobs: z.array(jobId).min(1).max(MOST_JOINT_JOBS) }))
  .output(
    z.object({
      /** Ids of jobs: all of a stage together, after the stage before. */
      stages: z.array(z.array(z.string())),
      jobs: z.array(z.object({ row: jobRow, plan: rollbackPlan, drift: z.array(drift), usedBy: z.array(jobUse) })),
    }),
  )
  .query(async ({ ctx, input }) => {
    const { stages, jobs } = await makeJointPlan(ctx, input.jobs);
    return {
      stages: stages.map((stage) => [...stage]),
      jobs: jobs.map(({ drift: drifted, usedBy, ...one }) => ({ ...one, drift: [...drifted], usedBy: [...usedBy] })),
    };
  });
