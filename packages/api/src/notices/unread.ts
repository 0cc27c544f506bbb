import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** How many notices nobody has read. */
export const unread = procedure.output(z.int()).query(({ ctx }) => ctx.notices.unread());
