import { driftSchema, rollbackChoiceSchema } from '@windlass/engine';
import { z } from 'zod';
import { actAnswer, jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';

/** Carries out the plan with that hash, or refuses when it is no longer the plan, or more has drifted than was named. */
export const confirm = procedure
  .input(
    z.object({
      job: jobId,
      choice: rollbackChoiceSchema,
      hash: z.string().min(1),
      drift: driftSchema.optional(),
      reason: z.string().trim().max(2_000).default(''),
    }),
  )
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'ROLL_BACK', ...act }, ctx.actor));
