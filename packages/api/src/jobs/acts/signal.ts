import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actOf } from './act-of.ts';
import { actAnswer, jobId } from '../shapes.ts';

/** Sends the job a signal by name. The job keeps the signal until a task waits for it. */
export const signal = procedure
  .input(z.object({ job: jobId }).extend(actOf('SIGNAL').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'SIGNAL', ...act }, ctx.actor));
