import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** For a dead-lettered job: the board offers the job again at once. */
export const tryAgain = procedure
  .input(z.object({ job: jobId }).extend(actOf('TRY_AGAIN').omit({ kind: true, bulk: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'TRY_AGAIN', ...act }, ctx.actor));
