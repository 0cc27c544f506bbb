import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { ledgerRow } from './shapes.ts';

/** Held resources, newest first, page by page (Z2). */
export const list = procedure
  .input(
    z.object({
      orphans: z.boolean().default(false),
      type: z.string().max(200).optional(),
      job: jobId.optional(),
      cursor: z.string().max(600).optional(),
      limit: z.int().min(1).max(200).default(50),
    }),
  )
  .output(z.object({ rows: z.array(ledgerRow), next: z.string().nullable() }))
  .query(async ({ ctx, input: { orphans, type, job, cursor, limit } }) => {
    const page = await ctx.ledger.resources({
      orphans,
      limit,
      ...(type === undefined ? {} : { type }),
      ...(job === undefined ? {} : { job }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { rows: page.rows.map((row) => ({ ...row, stages: [...row.stages] })), next: page.next };
  });
