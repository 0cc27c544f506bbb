import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** Number of jobs in each state, and of those that need a person. */
export const counts = procedure
  .output(z.object({ byState: z.record(z.string(), z.number()), attention: z.number() }))
  .query(({ ctx }) => ctx.board.counts());
