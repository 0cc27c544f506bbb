import { rollbackChoiceSchema } from '@windlass/engine/run';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { drift as shape } from './shapes.ts';

/** The drift of a rollback (B6): each task type compares the world now with what its apply left. */
export const drift = procedure
  .input(z.object({ job: jobId, choice: rollbackChoiceSchema }))
  .output(z.array(shape))
  .query(async ({ ctx, input }) => [...(await ctx.operator.drift(input.job, input.choice))]);
