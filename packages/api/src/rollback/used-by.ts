import { usersOf } from '@windlass/engine/ports';
import { rollbackChoiceSchema } from '@windlass/engine/run';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { jobUse } from './shapes.ts';

/** Later jobs that got a value which a rollback would undo. Equal values are the only sign of a use. */
export const usedBy = procedure
  .input(z.object({ job: jobId, choice: rollbackChoiceSchema }))
  .output(z.array(jobUse))
  .query(async ({ ctx, input: { job, choice } }) => usersOf(ctx, { job, plan: await ctx.operator.plan(job, choice) }));
