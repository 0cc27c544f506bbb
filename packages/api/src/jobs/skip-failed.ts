import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { actAnswer, jobId } from './shapes.ts';
import { actOf } from './act-of.ts';

/** Held at a failure: goes on without the task, with outputs given by hand. */
export const skipFailed = procedure
  .input(z.object({ job: jobId }).extend(actOf('SKIP_FAILED').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'SKIP_FAILED', ...act }, ctx.actor));
