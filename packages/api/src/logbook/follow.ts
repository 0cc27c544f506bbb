import { leanEntry } from '@windlass/engine/run';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { jobId } from '../jobs/shapes.ts';
import { procedure } from '../trpc.ts';
import { trackedStreamOf } from '../wire.ts';
import { followEntries } from './follow-entries.ts';
import { entry } from './shapes.ts';

/** Most entries in memory for one slow reader. Beyond, the reader reads from the store. */
const MOST_HELD = 2_000;
/** Least time between two messages to one reader. A screen does not paint more often. */
const EVERY_MS = 30;

/**
 * A logbook after `lastEventId`, then live (L4), without values over 8 KB. Each message carries the number of its last entry, so a
 * disconnected client continues from that number.
 */
export const follow = procedure
  .input(
    z.object({
      job: jobId,
      lastEventId: z
        .string()
        .regex(/^\d{1,15}$/, 'is not the number of an entry')
        .nullish(),
    }),
  )
  .output(trackedStreamOf(z.array(entry)))
  .subscription(async function* ({ ctx: { logbook }, input: { job, lastEventId }, signal = new AbortController().signal }) {
    const batches = followEntries({ logbook, job, after: Number(lastEventId ?? 0), signal, held: MOST_HELD, everyMs: EVERY_MS });
    for await (const entries of batches) yield tracked(String(entries.at(-1)?.number ?? 0), entries.map(leanEntry));
  });
