import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Keeps the effect of a task whose revert failed, with a reason. */
export const keep = procedure
  .input(z.object({ job: jobId }).extend(actOf('KEEP').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'KEEP', ...act }, ctx.actor));
