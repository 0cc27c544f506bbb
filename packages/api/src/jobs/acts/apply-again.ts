import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Forward again after a rollback. */
export const applyAgain = procedure
  .input(z.object({ job: jobId }).extend(actOf('APPLY_AGAIN').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'APPLY_AGAIN', ...act }, ctx.actor));
