import type { Entry } from '@windlass/engine';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';

const PAGE = 500;

/**
 * A logbook from `lastEventId` on, then live (SEMANTICS L4). Each event carries the number of its last entry, so a
 * client that was cut off goes on from there: listening begins before the backfill, and what was sent is not sent again.
 */
export const follow = procedure
  .input(z.object({ job: jobId, lastEventId: z.string().regex(/^\d+$/).nullish() }))
  .output(z.custom<AsyncIterable<ReturnType<typeof tracked<Entry[]>>>>())
  .subscription(async function* ({ ctx, input: { job, lastEventId }, signal }) {
    let sent = Number(lastEventId ?? 0);
    let behind = true;
    let wake: () => void = () => {};
    const stop = ctx.logbook.follow(job, () => {
      behind = true;
      wake();
    });
    try {
      while (!signal?.aborted) {
        // What is live is read from the store too: the listener only says that there is more, so nothing can pile up.
        while (behind && !signal?.aborted) {
          behind = false;
          for (;;) {
            const entries = await ctx.logbook.read(job, { after: sent, limit: PAGE });
            const last = entries.at(-1);
            if (last === undefined) break;
            sent = last.number;
            yield tracked(String(sent), [...entries]);
            if (entries.length < PAGE) break;
          }
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (behind) resolve();
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    } finally {
      stop();
    }
  });
