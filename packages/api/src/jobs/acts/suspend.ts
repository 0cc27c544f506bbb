import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Pauses a job: running tasks end, and no task starts. */
export const suspend = procedure
  .input(z.object({ job: jobId }).extend(actOf('SUSPEND').omit({ kind: true, bulk: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'SUSPEND', ...act }, ctx.actor));
