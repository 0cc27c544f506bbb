import { JOB_STATES } from '@windlass/engine';
import { z } from 'zod';
import { flowId } from '../flows/shapes.ts';
import { procedure } from '../trpc.ts';
import { jobRow } from './shapes.ts';

/** Jobs, newest first, a page at a time. */
export const list = procedure
  .input(
    z.object({
      states: z.array(z.enum(JOB_STATES)).optional(),
      flow: flowId.optional(),
      attention: z.boolean().optional(),
      cursor: z.string().regex(/^\d+$/).optional(),
      limit: z.int().min(1).max(200).default(50),
    }),
  )
  .output(z.object({ rows: z.array(jobRow), next: z.string().nullable() }))
  .query(async ({ ctx, input: { states, flow, attention, cursor, limit } }) => {
    const page = await ctx.board.list({
      limit,
      ...(states ? { states } : {}),
      ...(flow === undefined ? {} : { flow }),
      ...(attention === undefined ? {} : { attention }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { rows: [...page.rows], next: page.next };
  });
