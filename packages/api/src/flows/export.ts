import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowId } from './shapes.ts';

/** The document of the draft or of a version, ready to be imported. It holds secrets by name only. */
export const exportFlow = procedure
  .input(z.object({ flow: flowId, version: z.int().min(1).optional() }))
  .output(z.object({ fileName: z.string(), document: z.string() }))
  .query(async ({ ctx, input }) => {
    const definition =
      input.version === undefined
        ? (await ctx.flows.getDraft(input.flow)).definition
        : await ctx.flows.getVersion(input.flow, input.version);
    const name =
      definition.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'flow';
    return { fileName: `${name}.flow.json`, document: `${JSON.stringify(definition, null, 2)}\n` };
  });
