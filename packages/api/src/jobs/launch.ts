import { z } from 'zod';
import { flowId } from '../flows/shapes.ts';
import { procedure } from '../trpc.ts';

/** Posts a job of a published version. `key` makes it safe to send twice. */
export const launch = procedure
  .input(
    z.object({
      flow: flowId,
      version: z.int().min(1),
      inputs: z.json(),
      priority: z.int().min(-1_000).max(1_000).default(0),
      /** Run only this item and what it needs. */
      target: z.string().min(1).max(64).optional(),
      key: z.string().min(1).max(200).nullable().default(null),
    }),
  )
  .output(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('posted'), job: z.string(), fresh: z.boolean() }),
      z.object({ kind: z.literal('invalid'), problems: z.array(z.object({ path: z.string(), message: z.string() })) }),
    ]),
  )
  .mutation(async ({ ctx, input }) => {
    const { target, ...order } = input;
    const answer = await ctx.operator.launch({ ...order, ...(target === undefined ? {} : { target }), actor: ctx.actor });
    return answer.kind === 'invalid' ? { ...answer, problems: [...answer.problems] } : answer;
  });
