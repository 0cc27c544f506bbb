import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Continues a paused job. */
export const resume = procedure
  .input(z.object({ job: jobId }).extend(actOf('RESUME').omit({ kind: true, bulk: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'RESUME', ...act }, ctx.actor));
