import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** How many jobs are in each state, and how many need a person. */
export const counts = procedure
  .output(z.object({ byState: z.record(z.string(), z.number()), attention: z.number() }))
  .query(({ ctx }) => ctx.board.counts());
