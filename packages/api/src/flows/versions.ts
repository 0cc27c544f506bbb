import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowId, flowVersionRow } from './shapes.ts';

/** The published versions of a flow, newest first. */
export const versions = procedure
  .input(z.object({ flow: flowId }))
  .output(z.array(flowVersionRow))
  .query(async ({ ctx, input }) => [...(await ctx.flows.versions(input.flow))]);
