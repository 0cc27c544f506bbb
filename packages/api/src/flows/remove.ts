import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowId } from './shapes.ts';

/** Removes a flow from the lists. The store keeps the versions that jobs ran, because their pages and rollbacks need them. */
export const remove = procedure
  .input(z.object({ flow: flowId }))
  .output(z.object({ removed: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    await ctx.flows.remove(input.flow);
    return { removed: true };
  });
