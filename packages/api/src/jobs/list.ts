import { JOB_STATES } from '@windlass/engine/run';
import { z } from 'zod';
import { flowId } from '../flows/shapes.ts';
import { procedure } from '../trpc.ts';
import { searchText, searchedFor } from './search.ts';
import { jobRow, listCursor } from './shapes.ts';

/** Jobs that a search finds, page by page. `states`, `flow` and `attention` replace the same terms of the search. */
export const list = procedure
  .input(
    z.object({
      search: searchText.default(''),
      order: z.enum(['newest', 'oldest']).default('newest'),
      states: z.array(z.enum(JOB_STATES)).optional(),
      flow: flowId.optional(),
      attention: z.boolean().optional(),
      cursor: listCursor.optional(),
      limit: z.int().min(1).max(200).default(50),
    }),
  )
  .output(z.object({ rows: z.array(jobRow), next: z.string().nullable() }))
  .query(async ({ ctx, input: { search, order, states, flow, attention, cursor, limit } }) => {
    const page = await ctx.board.list({
      ...(await searchedFor(search, ctx)),
      order,
      limit,
      ...(states ? { states } : {}),
      ...(flow === undefined ? {} : { flows: [flow] }),
      ...(attention === undefined ? {} : { attention }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { rows: [...page.rows], next: page.next };
  });
