// Follows a logbook by number (L4).
//
// 1. The listener is registered before the first read, so no entry is lost between the two.
// 2. Each message begins with the number after the last number sent: no gap, no duplicate.
// 3. The memory for one slow reader is bounded, in entries and in weight (an entry may carry an
//    output of 1 MiB). Beyond the bound the entries are dropped, and the reader reads from the store again.
import type { LogbookStore } from '@windlass/engine/ports';
import { type Entry, isLastPage, weightOf } from '@windlass/engine/run';
import { pause } from '../pause.ts';
import { LiveEntries, MOST_ENTRIES, MOST_WEIGHT } from './live-entries.ts';

/** Entries in the first page. It is small, because the weight of the entries is not known yet. */
const FIRST_PAGE = 20;

export interface FollowOrder {
  readonly logbook: Pick<LogbookStore, 'read' | 'follow'>;
  readonly job: string;
  /** Number of the last entry that the reader has; 0 for none. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Most entries in memory for the reader. */
  readonly held: number;
  /** Least time between two batches. Entries that arrive in between go in one batch. */
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

/** Doubles the page while its entries are light. Heavy entries shrink the page to the weight of one message. */
function nextLimit(limit: number, page: readonly Entry[]): number {
  const weight = page.reduce((sum, entry) => sum + weightOf(entry), 0);
  if (weight > MOST_WEIGHT) return Math.max(1, Math.floor((page.length * MOST_WEIGHT) / weight));
  return weight * 2 > MOST_WEIGHT ? limit : Math.min(MOST_ENTRIES, limit * 2);
}
