import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** Removes one's own view; false when there is none such. */
export const remove = procedure
  .input(z.object({ id: z.int() }))
  .output(z.object({ removed: z.boolean() }))
  .mutation(async ({ ctx, input: { id } }) => ({ removed: await ctx.views.removeView(id, ctx.actor.id) }));
