import { withSubflows } from '@windlass/engine/definition';
import { EngineError } from '@windlass/engine/ports';
import { leanOf } from '@windlass/engine/run';
import { z } from 'zod';
import { definition } from '../flows/shapes.ts';
import { procedure } from '../trpc.ts';
import { jobId, jobRow } from './shapes.ts';
import { leanSnapshot } from './snapshot-shape.ts';

/** One job: its row, the definition of the version that it runs, and the state of its run, as of entry `at` if given. */
export const get = procedure
  .input(z.object({ job: jobId, at: z.int().min(1).optional() }))
  .output(
    z.object({
      row: jobRow,
      definition,
      /** The versions that it uses as subflows. */
      subflows: z.array(z.object({ flow: z.string(), version: z.int(), definition })),
      /** As `leanOf` of the engine leaves it; `fullOf` gives the whole. */
      snapshot: leanSnapshot,
    }),
  )
  .query(async ({ ctx, input }) => {
    const row = await ctx.board.get(input.job);
    if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${input.job}.`);
    const [{ definition: version, subflows }, snapshot] = await Promise.all([
      withSubflows(ctx.flows, row),
      ctx.operator.snapshot(input.job, input.at),
    ]);
    return { row, definition: version, subflows: [...subflows], snapshot: leanOf(snapshot) };
  });
