import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowId } from './shapes.ts';

/** Removes a flow and its versions; refused while it has jobs, whose histories need them. */
export const remove = procedure
  .input(z.object({ flow: flowId }))
  .output(z.object({ removed: z.literal(true) }))
  .mutation(async ({ ctx, input }) => {
    const { rows } = await ctx.board.list({ flow: input.flow, limit: 1 });
    if (rows.length > 0) throw new TRPCError({ code: 'CONFLICT', message: 'This flow has jobs, and their histories need its versions; it stays.' });
    await ctx.flows.remove(input.flow);
    return { removed: true };
  });
