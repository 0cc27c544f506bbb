import { problemsOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { flowId, problem } from './shapes.ts';

/** Publishes the draft as the next version. Refuses a draft with errors, and a draft that another person saved meanwhile. */
export const publish = procedure
  .input(z.object({ flow: flowId, revision: z.int(), note: z.string().max(2_000).default('') }))
  .output(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.enum(['published', 'changed']), version: z.number() }),
      z.object({ kind: z.literal('invalid'), problems: z.array(problem) }),
    ]),
  )
  .mutation(async ({ ctx, input }) => {
    const { definition, revision, version } = await ctx.flows.getDraft(input.flow);
    if (revision !== input.revision) return { kind: 'changed', version };
    const problems = problemsOf(definition, ctx.findType).filter(({ severity }) => severity === 'error');
    if (problems.length > 0) return { kind: 'invalid', problems };
    return ctx.flows.publish(input, ctx.actor, ctx.now());
  });
