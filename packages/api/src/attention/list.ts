import { EngineError, type JobBoard, type JobPage, needsOfJob } from '@windlass/engine/ports';
import { z } from 'zod';
import { jobId, jobRow, listCursor } from '../jobs/shapes.ts';
import { json, jsonObject } from '../wire.ts';
import { procedure } from '../trpc.ts';

const PAGE = 20;

const item = z.object({
  kind: z.enum(['revertFailed', 'doubt', 'held', 'failed', 'cancelled', 'approval']),
  /** Null where it is about the job as a whole. */
  atom: z.string().nullable(),
  name: z.string(),
  /** What is known. */
  cause: z.string(),
  /** What was saved for the revert that failed. */
  output: json.nullable(),
  /** What the task was given that is held as failed. */
  input: jsonObject.nullable(),
});

/** Jobs that need a person, newest first, or the one that is named if it does; each with what is to be settled and what is known of it. */
export const list = procedure
  .input(z.object({ cursor: listCursor.optional(), job: jobId.optional() }).default({}))
  .output(z.object({ rows: z.array(z.object({ job: jobRow, items: z.array(item) })), next: z.string().nullable() }))
  .query(async ({ ctx, input: { cursor, job: only } }) => {
    const page =
      only === undefined
        ? await ctx.board.list({ attention: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
        : await pageOf(ctx.board, only);
    const rows = await Promise.all(page.rows.map(async (job) => ({ job, items: [...(await needsOfJob(ctx, job))] })));
    return { rows, next: page.next };
  });

/** That job, if it waits for a person. */
async function pageOf(board: JobBoard, job: string): Promise<JobPage> {
  const row = await board.get(job);
  if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
  return { rows: row.attention === null ? [] : [row], next: null };
}
