import { rollbackChoiceSchema } from '@windlass/engine/run';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { rollbackPlan } from './shapes.ts';

/** The plan of a rollback as of now. The query changes nothing. */
export const plan = procedure
  .input(z.object({ job: jobId, choice: rollbackChoiceSchema }))
  .output(rollbackPlan)
  .query(({ ctx, input }) => ctx.operator.plan(input.job, input.choice));
