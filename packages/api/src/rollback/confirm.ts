import { z } from 'zod';
import { actOf } from '../jobs/acts/act-of.ts';
import { actAnswer, jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';

/** Carries out the plan with that hash. Refuses when the plan has changed, or when more has drifted than the person named. */
export const confirm = procedure
  .input(z.object({ job: jobId }).extend(actOf('ROLL_BACK').omit({ kind: true, confirmedBy: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'ROLL_BACK', ...act }, ctx.actor));
