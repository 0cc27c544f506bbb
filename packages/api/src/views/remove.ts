import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** Removes a view of the person; false when the person has no such view. */
export const remove = procedure
  .input(z.object({ id: z.int() }))
  .output(z.object({ removed: z.boolean() }))
  .mutation(async ({ ctx, input: { id } }) => ({ removed: await ctx.views.removeView(id, ctx.actor.id) }));
