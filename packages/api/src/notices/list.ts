import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { noticeId, noticeRow } from './shapes.ts';

/** Notices, newest first, page by page. */
export const list = procedure
  .input(z.object({ cursor: noticeId.optional(), limit: z.int().min(1).max(100).default(20) }).default({ limit: 20 }))
  .output(z.object({ rows: z.array(noticeRow), next: z.string().nullable() }))
  .query(async ({ ctx, input: { cursor, limit } }) => {
    const page = await ctx.notices.list({ limit, ...(cursor === undefined ? {} : { cursor }) });
    return { rows: page.rows.map((row) => ({ ...row, deliveries: [...row.deliveries] })), next: page.next };
  });
