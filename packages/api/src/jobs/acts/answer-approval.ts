import { z } from 'zod';
import { procedure } from '../../trpc.ts';
import { actOf } from './act-of.ts';
import { actAnswer, jobId } from '../shapes.ts';

/** Answers an approval that a task of the job waits for. */
export const answerApproval = procedure
  .input(z.object({ job: jobId }).extend(actOf('ANSWER_APPROVAL').omit({ kind: true }).shape))
  .output(actAnswer)
  .mutation(({ ctx, input: { job, ...act } }) => ctx.operator.act(job, { kind: 'ANSWER_APPROVAL', ...act }, ctx.actor));
