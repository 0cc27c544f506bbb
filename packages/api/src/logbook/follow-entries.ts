// Follows a logbook by number (SEMANTICS L4).
//
// 1. The store is listened to before it is first read, so nothing falls between the two.
// 2. What is sent always begins with the number after the last one sent: no gap, no duplicate.
// 3. What one slow reader makes the server hold is bounded, in entries and in their weight (an entry may carry an
//    output of 1 MiB): beyond that they are let go of, and the reader is served from the store again.
import type { LogbookStore } from '@windlass/engine/ports';
import { type Entry, isLastPage, weightOf } from '@windlass/engine/run';
import { pause } from '../pause.ts';
import { LiveEntries, MOST_ENTRIES, MOST_WEIGHT } from './live-entries.ts';

/** The first page that is read: small, as nothing is known yet of how heavy its entries are. */
const FIRST_PAGE = 20;

export interface FollowOrder {
  readonly logbook: Pick<LogbookStore, 'read' | 'follow'>;
  readonly job: string;
  /** Number of the last entry that the reader has; 0 for none. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Most entries that are kept for the reader. */
  readonly held: number;
  /** Least time between two batches; what arrives meanwhile goes together. */
  readonly everyMs: number;
}

/** Batches of entries in order, until the signal fires. Throws JOB_UNKNOWN. */
export async function* followEntries({ logbook, job, after, signal, held, everyMs }: FollowOrder): AsyncGenerator<readonly Entry[], void> {
  const live = new LiveEntries(held, signal);
  const stop = logbook.follow(job, (entries) => live.push(entries));
  let last = after;
  let limit = FIRST_PAGE;
  try {
    while (!signal.aborted) {
      for (let more = true; more && !signal.aborted; ) {
        const page = await logbook.read(job, { after: last, limit });
        more = !isLastPage(page, limit);
        limit = nextLimit(limit, page);
        last = page.at(-1)?.number ?? last;
        if (page.length > 0) yield page;
      }
      while (!signal.aborted) {
        await live.arrival();
        const fresh = live.takeAfter(last);
        if (fresh === 'read-again') break;
        last = fresh.at(-1)?.number ?? last;
        if (fresh.length === 0) continue;
        yield fresh;
        await pause(everyMs, signal);
      }
    }
  } finally {
    stop();
    live.close();
  }
}

/** Twice as many while they are light; as many as are likely to weigh what a message may when they are heavy. */
function nextLimit(limit: number, page: readonly Entry[]): number {
  const weight = page.reduce((sum, entry) => sum + weightOf(entry), 0);
  if (weight > MOST_WEIGHT) return Math.max(1, Math.floor((page.length * MOST_WEIGHT) / weight));
  return weight * 2 > MOST_WEIGHT ? limit : Math.min(MOST_ENTRIES, limit * 2);
}
