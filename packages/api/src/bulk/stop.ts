import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { bulkId } from './shapes.ts';

/** Leaves the jobs alone whose turn has not come; what was done stands. False when it was over already. */
export const stop = procedure
  .input(z.object({ id: bulkId }))
  .output(z.object({ stopped: z.boolean() }))
  .mutation(async ({ ctx, input: { id } }) => ({ stopped: await ctx.bulkActs.end(id, 'STOPPED', ctx.now()) }));
