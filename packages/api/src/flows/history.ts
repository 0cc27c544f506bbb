import type { FlowVersionRow } from '@windlass/engine/ports';
import { coverageOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { jobRow } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { flowId, flowVersionRow } from './shapes.ts';

/** Most ended runs in one answer: as many as the squares and the plot of the page can show. */
const MOST_RUNS = 500;

const pastRun = jobRow.pick({
  ...{ id: true, run: true, state: true, attention: true, forward: true, forwardKind: true, version: true },
  ...{ postedAt: true, startedAt: true, endedAt: true, postedBy: true },
});

/** The history of a flow: its newest ended runs, newest first, its versions, and how much of it can be undone. */
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
      /** True when there are older runs. */
      more: z.boolean(),
    }),
  )
  .query(async ({ ctx, input: { flow } }) => {
    const [{ definition }, versions] = await Promise.all([ctx.flows.getDraft(flow), ctx.flows.versions(flow)]);
    // Reads one run more than the answer holds, to know whether there are older runs.
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
