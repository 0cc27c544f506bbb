import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** How many resources are held, and how many of them are orphans: their job is over (Z2). */
export const counts = procedure.output(z.object({ held: z.int(), orphans: z.int() })).query(({ ctx }) => ctx.ledger.resourceCounts());
