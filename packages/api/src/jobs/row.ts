import { EngineError } from '@windlass/engine/ports';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { jobId, jobRow } from './shapes.ts';

/** One job as lists show it: how it stands, who holds its claim, and until when. */
export const row = procedure
  .input(z.object({ job: jobId }))
  .output(jobRow)
  .query(async ({ ctx, input: { job } }) => {
    const found = await ctx.board.get(job);
    if (found === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
    return found;
  });
