import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { noticeId } from './shapes.ts';

/** Marks notices as read, by their ids. A notice that came in between stays unread. */
export const markRead = procedure
  .input(z.object({ notices: z.array(noticeId).min(1).max(500) }))
  .output(z.object({ unread: z.int() }))
  .mutation(async ({ ctx, input: { notices } }) => {
    await ctx.notices.markRead(notices, ctx.actor, ctx.now());
    return { unread: await ctx.notices.unread() };
  });
