import { problemsOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowDraft, flowId, problem } from './shapes.ts';

/** The draft of a flow, and its problems. */
export const draft = procedure
  .input(z.object({ flow: flowId }))
  .output(flowDraft.extend({ problems: z.array(problem) }))
  .query(async ({ ctx, input }) => {
    const found = await ctx.flows.getDraft(input.flow);
    return { ...found, problems: [...problemsOf(found.definition, ctx.findType)] };
  });
