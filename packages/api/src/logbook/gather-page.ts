// A page of a logbook that fits into one answer. The reader asks for a number of entries, and even without values over
// 8 KB an entry may be heavy. So the page is read in steps, and ends early when it is heavy.
import { type Entry, leanEntry, weightOf } from '@windlass/engine/run';
import { MOST_WEIGHT } from './live-entries.ts';

const FIRST_STEP = 20;

/** Reads up to `limit` entries from number `from`, in the direction of `read`. */
export type ReadEntries = (from: number, limit: number) => Promise<readonly Entry[]>;

/** At least one entry if there is any, at most `limit`, and at most the weight of one message. */
export async function gatherPage(read: ReadEntries, { from, limit }: { readonly from: number; readonly limit: number }): Promise<Entry[]> {
  const entries: Entry[] = [];
  let weight = 0;
  for (let step = FIRST_STEP; entries.length < limit; step *= 2) {
    const wanted = Math.min(step, limit - entries.length);
    const more = await read(entries.at(-1)?.number ?? from, wanted);
    for (const entry of more.map(leanEntry)) {
      weight += weightOf(entry);
      if (weight > MOST_WEIGHT && entries.length > 0) return entries;
      entries.push(entry);
    }
    if (more.length < wanted) break;
  }
  return entries;
}
