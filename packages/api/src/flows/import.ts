import { validateDefinition } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowId, problem } from './shapes.ts';

/** Creates a flow from an exported document. A document with errors is not stored; the answer lists the errors. */
export const importFlow = procedure
  .input(z.object({ document: z.string() }))
  .output(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('imported'), flow: flowId }),
      z.object({ kind: z.literal('invalid'), problems: z.array(problem) }),
    ]),
  )
  .mutation(async ({ ctx, input }) => {
    const document = parse(input.document);
    if (document === undefined) {
      return {
        kind: 'invalid',
        problems: [{ item: null, code: 'SHAPE_INVALID', severity: 'error', message: 'The document is not JSON.' }],
      };
    }
    const { definition, problems } = validateDefinition(document, ctx.findType);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (definition === null || errors.length > 0) return { kind: 'invalid', problems: errors };
    const draft = await ctx.flows.create(definition, ctx.actor, ctx.now());
    return { kind: 'imported', flow: draft.id };
  });

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}
