import type { FlowVersionRow } from '@windlass/engine/ports';
import { coverageOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { jobRow } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { flowId, flowVersionRow } from './shapes.ts';

/** So many of the newest ended runs are told of: what a page of squares and a plot can show. */
const MOST_RUNS = 500;

const pastRun = jobRow.pick({
  ...{ id: true, run: true, state: true, attention: true, forward: true, version: true },
  ...{ postedAt: true, startedAt: true, endedAt: true, postedBy: true },
});

/** How a flow has fared: its newest ended runs, newest first, its versions, and what of it could be undone. */
export const history = procedure
  .input(z.object({ flow: flowId }))
  .output(
    z.object({
      name: z.string(),
      /** Of the draft: the share of tasks with effects that can be undone, 0 to 1, and the others with their reasons. */
      coverage: z.object({
        share: z.number(),
        irreversible: z.array(z.object({ item: z.string(), name: z.string(), reason: z.string() })),
      }),
      versions: z.array(flowVersionRow),
      runs: z.array(pastRun),
      /** There are older ones. */
      more: z.boolean(),
    }),
  )
  .query(async ({ ctx, input: { flow } }) => {
    const [{ definition }, versions] = await Promise.all([ctx.flows.getDraft(flow), ctx.flows.versions(flow)]);
    // One more than is told of shows that there are older ones.
    const ended = await ctx.board.ended(flow, MOST_RUNS + 1);
    const { share, irreversible } = coverageOf(definition, ctx.findType);
    return {
      name: definition.name,
      coverage: { share, irreversible: [...irreversible] },
      versions: [...versions] satisfies FlowVersionRow[],
      runs: ended.slice(0, MOST_RUNS),
      more: ended.length > MOST_RUNS,
    };
  });
