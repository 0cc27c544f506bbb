import { EngineError } from '@windlass/engine/ports';
import type { BulkJob } from '@windlass/engine/run';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { word } from '../wire.ts';
import { bulkAct, bulkId } from './shapes.ts';

const PAGE = 100;

/** One bulk act, and a page of its jobs after `cursor`: all jobs, or the jobs with one outcome. */
export const get = procedure
  .input(z.object({ id: bulkId, outcome: z.enum(['done', 'refused', 'failed', 'waiting']).optional(), cursor: z.int().min(0).optional() }))
  .output(
    z.object({
      bulk: bulkAct,
      jobs: z.array(
        z.object({
          number: z.int(),
          job: z.string(),
          outcome: word<NonNullable<BulkJob['outcome']>>().nullable(),
          note: z.string(),
          at: z.number().nullable(),
        }),
      ),
      next: z.int().nullable(),
    }),
  )
  .query(async ({ ctx, input: { id, outcome, cursor } }) => {
    const bulk = await ctx.bulkActs.get(id);
    if (bulk === undefined) throw new EngineError('JOB_UNKNOWN', `There is no bulk act ${id}.`);
    const wanted = outcome === undefined ? {} : { outcome: outcome === 'waiting' ? null : outcome };
    const jobs = [...(await ctx.bulkActs.jobs(id, { ...wanted, after: cursor ?? -1, limit: PAGE }))];
    return { bulk, jobs, next: jobs.length === PAGE ? (jobs.at(-1)?.number ?? null) : null };
  });
