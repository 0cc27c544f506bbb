import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { jobId } from './shapes.ts';

/** A page of the log lines of a task (L5), of one attempt or of all: the lines after a cursor. Lines may come until a moment after the task has ended. */
export const log = procedure
  .input(
    z.object({
      job: jobId,
      atom: z.string().min(1).max(1_000),
      attempt: z.int().min(1).optional(),
      after: z.int().min(0).default(0),
      limit: z.int().min(1).max(2_000).default(500),
    }),
  )
  .output(
    z.array(z.object({ cursor: z.number(), attempt: z.int(), kind: z.string(), number: z.int(), time: z.number(), text: z.string() })),
  )
  .query(async ({ ctx, input }) => [...(await ctx.taskLog.read(input))]);
