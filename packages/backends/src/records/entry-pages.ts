// A page of a job's entries from its records, forward or backward, whatever database has them.
import { type Entry, EntryPage } from '@windlass/engine/run';
import { BatchSize } from './batch-size.ts';
import { decodeEntries } from './entry-codec.ts';
import type { RecordBody } from './record-token.ts';

export interface PageOrder {
  readonly job: string;
  readonly limit: number;
  /** Largest number of records of a batch. */
  readonly most: number;
  /** At most `count` records: forward those that end after the entry `at`, backward those that begin before it. */
  readonly records: (at: number, count: number) => RecordBody[] | Promise<RecordBody[]>;
}

export async function pageAfter(after: number, { job, limit, most, records }: PageOrder): Promise<Entry[]> {
  const page = new EntryPage(limit);
  const batch = new BatchSize(most, limit);
  for (let from = after; !page.isFull; ) {
    const found = await records(from, batch.size);
    // The first record of a batch may be the last one of the batch before.
    const known = from;
    for (const record of found) {
      if (page.isFull) break;
      for (const entry of decodeEntries({ ...record, job })) if (entry.number > known) page.add(entry);
      from = record.last;
    }
    if (batch.next(found).isLast) break;
  }
  return page.entries;
}

export async function pageBefore(before: number, { job, limit, most, records }: PageOrder): Promise<Entry[]> {
  const page = new EntryPage(limit);
  const batch = new BatchSize(most, limit);
  for (let to = before; !page.isFull; ) {
    const found = await records(to, batch.size);
    for (const record of found) {
      if (page.isFull) break;
      const newest = decodeEntries({ ...record, job }).reverse();
      for (const entry of newest) if (entry.number < to) page.add(entry);
      to = record.first;
    }
    if (batch.next(found).isLast) break;
  }
  return page.entries;
}
