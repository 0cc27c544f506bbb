import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { procedure } from '../trpc.ts';

const EVERY_MS = 200;

/** Ids of jobs whose row changed, gathered and sent at most five times a second. */
export const changed = procedure
  .output(z.custom<AsyncIterable<string[]>>())
  .subscription(async function* ({ ctx, signal }) {
    const ids = new Set<string>();
    let wake: () => void = () => {};
    const stop = ctx.board.onChanged((job) => {
      ids.add(job);
      wake();
    });
    try {
      while (!signal?.aborted) {
        if (ids.size === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal?.addEventListener('abort', () => resolve(), { once: true });
          });
        }
        if (ids.size === 0) continue;
        yield [...ids];
        ids.clear();
        await wait(EVERY_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
      }
    } finally {
      stop();
    }
  });
