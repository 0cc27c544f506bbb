import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Tries a failed revert again, with edited data if the person gives any. */
export const retryRevert = procedure
  .input(z.object({ job: jobId }).extend(actOf('RETRY_REVERT').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'RETRY_REVERT', ...act }, ctx.actor));
