import { EngineError } from '@windlass/engine/ports';
import { MOST_BULK_JOBS, bulkActSchema } from '@windlass/engine/run';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { searchText, searchedFor } from '../jobs/search.ts';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { bulkId } from './shapes.ts';

const PAGE = 1_000;

/** Acts on picked jobs, or on all jobs that a search finds. `expected` is the number of jobs that the person saw. */
export const post = procedure
  .input(
    z.object({
      act: bulkActSchema,
      on: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('jobs'), jobs: z.array(jobId).min(1).max(MOST_BULK_JOBS) }),
        z.object({ kind: z.literal('search'), search: searchText, expected: z.int().min(0) }),
      ]),
    }),
  )
  .output(z.object({ id: bulkId }))
  .mutation(async ({ ctx, input: { act, on } }) => {
    const jobs = on.kind === 'jobs' ? [...new Set(on.jobs)] : await foundBy(on, ctx);
    const id = await ctx.bulkActs.post({ act, actor: ctx.actor, search: on.kind === 'search' ? on.search : '', jobs }, ctx.now());
    ctx.bulkRunner.wake();
    return { id };
  });

type Asking = Pick<Context['services'], 'board' | 'flows' | 'now'> & { readonly actor: { readonly name: string } };

async function foundBy({ search, expected }: { readonly search: string; readonly expected: number }, ctx: Asking): Promise<string[]> {
  const filter = await searchedFor(search, ctx);
  const jobs: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await ctx.board.list({ ...filter, limit: PAGE, ...(cursor === '' ? {} : { cursor }) });
    jobs.push(...page.rows.map(({ id }) => id));
    cursor = page.next;
    if (jobs.length > MOST_BULK_JOBS) throw refused(`A bulk act takes at most ${MOST_BULK_JOBS} jobs; narrow the search, or act in parts.`);
  }
  if (jobs.length === 0) throw refused('The search finds no job now; nothing was done.');
  if (jobs.length > expected) throw refused(`The search finds ${jobs.length} jobs now, not ${expected}; look again, then confirm.`);
  return jobs;
}

function refused(message: string): EngineError {
  return new EngineError('ACT_REFUSED', message);
}
