import { coverageOf } from '@windlass/engine/definition';
import { z } from 'zod';
import { jobRow } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { flowId } from './shapes.ts';

const RUNS = 10;

/** For each of these flows: its ten newest runs, newest first, and the share of its tasks with effects that can be undone. */
export const recent = procedure
  .input(z.object({ flows: z.array(flowId).max(100) }))
  .output(
    z.array(
      z.object({
        flow: z.string(),
        coverage: z.number(),
        runs: z.array(jobRow.pick({ id: true, run: true, state: true, attention: true, forward: true, forwardKind: true, postedAt: true })),
      }),
    ),
  )
  .query(({ ctx, input: { flows } }) =>
    Promise.all(
      flows.map(async (flow) => {
        const [{ definition }, { rows }] = await Promise.all([ctx.flows.getDraft(flow), ctx.board.list({ flows: [flow], limit: RUNS })]);
        return { flow, coverage: coverageOf(definition, ctx.findType).share, runs: [...rows] };
      }),
    ),
  );
