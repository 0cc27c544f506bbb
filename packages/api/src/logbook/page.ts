import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { gatherPage } from './gather-page.ts';
import { entry } from './shapes.ts';

/**
 * A page of a logbook: ascending after a number, or descending before one. Values over 8 KB are left out (`logbook.value`
 * gives them). A page is shorter than `limit` where entries are heavy. A reader continues after the last number that it
 * got; only an empty page is the end.
 */
export const page = procedure
  .input(
    z.object({
      job: jobId,
      after: z.int().min(0).optional(),
      before: z.int().min(1).optional(),
      limit: z.int().min(1).max(500).default(200),
    }),
  )
  .output(z.array(entry))
  .query(({ ctx: { logbook }, input: { job, after = 0, before, limit } }) =>
    before === undefined
      ? gatherPage((from, most) => logbook.read(job, { after: from, limit: most }), { from: after, limit })
      : gatherPage((from, most) => logbook.readBack(job, { before: from, limit: most }), { from: before, limit }),
  );
