import { PATTERN_NAMES, flowDefinitionSchema } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowDraft } from './shapes.ts';

/** A new, empty flow. */
export const create = procedure
  .input(z.object({ name: z.string().trim().min(1).max(200), pattern: z.enum(PATTERN_NAMES).default('linear') }))
  .output(flowDraft)
  .mutation(({ ctx, input }) => {
    const root = { kind: 'flow', id: 'root', name: input.name, pattern: input.pattern, items: [] };
    const definition = flowDefinitionSchema.parse({ schemaVersion: 1, name: input.name, root });
    return ctx.flows.create(definition, ctx.actor, ctx.now());
  });
