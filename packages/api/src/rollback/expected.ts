import { expectedTimes } from '@windlass/engine/ports';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';

/** The duration of the reverts of these atoms in past runs of the flow (B2): the median of each, in ms, and the number of reverts. */
export const expected = procedure
  .input(z.object({ job: jobId, atoms: z.array(z.string()).max(10_000) }))
  .output(z.object({ runs: z.int(), atoms: z.array(z.object({ atom: z.string(), ms: z.number(), of: z.int() })) }))
  .query(async ({ ctx, input: { job, atoms } }) => {
    const times = await expectedTimes(ctx, job, atoms);
    return { ...times, atoms: [...times.atoms] };
  });
