import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** For a job held at a failure: reverts the failed task and applies the task again. */
export const retryFailed = procedure
  .input(z.object({ job: jobId }).extend(actOf('RETRY_FAILED').omit({ kind: true, bulk: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'RETRY_FAILED', ...act }, ctx.actor));
