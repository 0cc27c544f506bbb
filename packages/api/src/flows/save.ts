import { problemsOf, validateDefinition } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowDraft, flowId, problem } from './shapes.ts';

const problems = z.array(problem);

/**
 * Saves the draft. An unfinished drawing is saved with its problems. A document that is no definition is refused.
 * `changed` means that another person saved first: the answer holds their draft, and nothing is overwritten.
 */
export const save = procedure
  .input(z.object({ flow: flowId, revision: z.int(), definition: z.unknown() }))
  .output(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.enum(['saved', 'changed']), draft: flowDraft, problems }),
      z.object({ kind: z.literal('invalid'), problems }),
    ]),
  )
  .mutation(async ({ ctx, input }) => {
    const checked = validateDefinition(input.definition, ctx.findType);
    if (checked.definition === null) return { kind: 'invalid', problems: [...checked.problems] };
    const order = { flow: input.flow, revision: input.revision, definition: checked.definition };
    const { kind, draft } = await ctx.flows.saveDraft(order, ctx.actor, ctx.now());
    const found = kind === 'saved' ? checked.problems : problemsOf(draft.definition, ctx.findType);
    return { kind, draft, problems: [...found] };
  });
