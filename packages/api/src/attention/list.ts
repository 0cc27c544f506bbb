import { EngineError, type JobBoard, type JobPage, waysOutOf, needsOfJob } from '@windlass/engine/ports';
import { z } from 'zod';
import { jobId, jobRow, listCursor } from '../jobs/shapes.ts';
import { storedValue } from '../logbook/shapes.ts';
import { json, jsonObject } from '../wire.ts';
import { procedure } from '../trpc.ts';

const PAGE = 20;

const item = z.object({
  kind: z.enum(['revertFailed', 'doubt', 'held', 'cancelled', 'approval']),
  /** Null where the need concerns the whole job. */
  atom: z.string().nullable(),
  name: z.string(),
  /** The type of the task; null when it is unknown, or stands in a subflow. */
  task: z.object({ type: z.string(), version: z.int() }).nullable(),
  /** The cause, as far as it is known. */
  cause: z.string(),
  /** The saved output of the task whose revert failed. */
  output: json.nullable(),
  /** The inputs of the failed task. */
  input: jsonObject.nullable(),
  /** The references to those two values if they are over 8 KB. */
  outputAt: storedValue.nullable(),
  inputAt: storedValue.nullable(),
  /** Of a doubt: its call, and whether that may be repeated. */
  doubt: z.object({ call: z.enum(['apply', 'endedApply', 'failedApply', 'revert', 'failedRevert']), mayRepeat: z.boolean() }).nullable(),
});

/** Of a dead letter: its readable part, the tasks that were under way, and the ways out beside trying it again. */
const deadLetter = z
  .object({
    readable: z.enum(['run', 'entries', 'row']),
    underWay: z.array(z.object({ atom: z.string(), name: z.string() })),
    mayCancel: z.boolean(),
    mayRollBack: z.boolean(),
  })
  .nullable();

/** Jobs that need a person, newest first, each with its open questions and their causes. With `job`: only that job. */
export const list = procedure
  .input(z.object({ cursor: listCursor.optional(), job: jobId.optional() }).default({}))
  .output(z.object({ rows: z.array(z.object({ job: jobRow, items: z.array(item), deadLetter })), next: z.string().nullable() }))
  .query(async ({ ctx, input: { cursor, job: only } }) => {
    const page =
      only === undefined
        ? await ctx.board.list({ attention: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
        : await pageOf(ctx.board, only);
    const rows = await Promise.all(
      page.rows.map(async (job) => {
        const [items, deadLetter] = await Promise.all([needsOfJob(ctx, job), waysOutOf(ctx, job)]);
        return { job, items: [...items], deadLetter: deadLetter === null ? null : { ...deadLetter, underWay: [...deadLetter.underWay] } };
      }),
    );
    return { rows, next: page.next };
  });

/** A page with that job, or an empty page when the job needs no person. */
async function pageOf(board: JobBoard, job: string): Promise<JobPage> {
  const row = await board.get(job);
  if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
  return { rows: row.attention === null ? [] : [row], next: null };
}
