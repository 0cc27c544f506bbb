import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { entry } from './shapes.ts';

/** A page of a logbook: ascending after a number, or descending before one. */
export const page = procedure
  .input(
    z.object({
      job: jobId,
      after: z.int().min(0).optional(),
      before: z.int().min(1).optional(),
      limit: z.int().min(1).max(500).default(200),
    }),
  )
  .output(z.array(entry))
  .query(async ({ ctx, input: { job, after, before, limit } }) => {
    if (before !== undefined) return [...(await ctx.logbook.readBack(job, { before, limit }))];
    return [...(await ctx.logbook.read(job, { after: after ?? 0, limit }))];
  });
