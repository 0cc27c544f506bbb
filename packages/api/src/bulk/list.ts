import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { bulkAct, bulkId } from './shapes.ts';

/** Bulk acts, newest first. */
export const list = procedure
  .input(z.object({ cursor: bulkId.optional(), limit: z.int().min(1).max(100).default(30) }).default({ limit: 30 }))
  .output(z.object({ rows: z.array(bulkAct), next: bulkId.nullable() }))
  .query(async ({ ctx, input: { cursor, limit } }) => {
    const found = await ctx.bulkActs.list({ limit: limit + 1, ...(cursor === undefined ? {} : { before: cursor }) });
    const rows = found.slice(0, limit);
    return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
  });
