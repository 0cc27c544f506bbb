import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** For a job held at a failure: continues without the task, with outputs that the person gives. */
export const skipFailed = procedure
  .input(z.object({ job: jobId }).extend(actOf('SKIP_FAILED').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'SKIP_FAILED', ...act }, ctx.actor));
