import { z } from 'zod';
import { procedure } from '../trpc.ts';

/** The number of unread notices. */
export const unread = procedure.output(z.int()).query(({ ctx }) => ctx.notices.unread());
