import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Aborts the running tasks, then reverts or holds, as the person chose. */
export const cancel = procedure
  .input(z.object({ job: jobId }).extend(actOf('CANCEL').omit({ kind: true, bulk: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'CANCEL', ...act }, ctx.actor));
