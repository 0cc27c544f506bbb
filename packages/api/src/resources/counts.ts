import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** Number of resources held, and of orphans among them, whose job has ended (Z2). */
export const counts = procedure.output(z.object({ held: z.int(), orphans: z.int() })).query(({ ctx }) => ctx.ledger.resourceCounts());
