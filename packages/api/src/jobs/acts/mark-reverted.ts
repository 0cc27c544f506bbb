import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actAnswer, jobId } from '../shapes.ts';
import { actOf } from './act-of.ts';

/** Records that a person did a failed revert by hand. */
export const markReverted = procedure
  .input(z.object({ job: jobId }).extend(actOf('MARK_REVERTED').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'MARK_REVERTED', ...act }, ctx.actor));
