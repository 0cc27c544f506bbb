import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Settles a task in doubt: the person says whether the task has happened. */
export const settleDoubt = procedure
  .input(z.object({ job: jobId }).extend(actOf('SETTLE_DOUBT').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'SETTLE_DOUBT', ...act }, ctx.actor));
