import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { definition, flowId } from './shapes.ts';

/** The definition of one published version. */
export const version = procedure
  .input(z.object({ flow: flowId, version: z.int().min(1) }))
  .output(definition)
  .query(({ ctx, input }) => ctx.flows.getVersion(input.flow, input.version));
