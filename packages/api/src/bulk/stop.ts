import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { bulkId } from './shapes.ts';

/** Stops a bulk act: its remaining jobs stay unchanged, and finished acts stand. False when the bulk act had ended. */
export const stop = procedure
  .input(z.object({ id: bulkId }))
  .output(z.object({ stopped: z.boolean() }))
  .mutation(async ({ ctx, input: { id } }) => ({ stopped: await ctx.bulkActs.end(id, 'STOPPED', ctx.now()) }));
