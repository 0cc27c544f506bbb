import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { actAnswer, jobId } from './shapes.ts';
import { actOf } from './act-of.ts';

/** A job that was given up: it is carried out again at once. */
export const tryAgain = procedure
  .input(z.object({ job: jobId }).extend(actOf('TRY_AGAIN').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'TRY_AGAIN', ...act }, ctx.actor));
