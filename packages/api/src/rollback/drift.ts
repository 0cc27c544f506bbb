import { rollbackChoiceSchema } from '@windlass/engine/run';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { drift as shape } from './shapes.ts';

/** What no longer looks as it was left, of what a rollback would undo (B6): the task types look at the world now. */
export const drift = procedure
  .input(z.object({ job: jobId, choice: rollbackChoiceSchema }))
  .output(z.array(shape))
  .query(async ({ ctx, input }) => [...(await ctx.operator.drift(input.job, input.choice))]);
