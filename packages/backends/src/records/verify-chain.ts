// Verifies that the records of a logbook are the written ones, in order and without a gap (L3). The chain
// alone cannot show a truncated end; `rebuild` compares it with the job row.
import { EngineError } from '@windlass/engine/ports';
import type { Entry } from '@windlass/engine/run';
import { decodeEntries } from './entry-codec.ts';
import { chainHash } from './chain-hash.ts';
import type { StoredRecord } from './record-source.ts';

/** The number of read entries and records, and the faults, one sentence each. */
export interface ChainReport {
  readonly records: number;
  readonly entries: number;
  /** Entries of records that were written before records were chained. */
  readonly unchained: number;
  readonly findings: readonly string[];
}

/** Reads a chain to its end. */
export async function verifyChain(
  job: string,
  records: AsyncIterable<StoredRecord>,
  onEntries: (entries: readonly Entry[]) => void = () => {},
): Promise<ChainReport> {
  const findings: string[] = [];
  let [before, last, count, unchained, isChained] = ['', 0, 0, 0, false];
  for await (const record of records) {
    count += 1;
    const isNext = record.first === last + 1;
    if (!isNext) {
      findings.push(
        record.first <= last
          ? `${say(record, ['stands', 'stand'])} a second time: the entries before went to ${last}.`
          : `${say({ first: last + 1, last: record.first - 1 }, ['is', 'are'])} missing.`,
      );
    }
    // Every record of a chain has a hash. A record without one could hide a change.
    if (record.hash === null && isChained) findings.push(`${say(record, ['is without its hash', 'are without their hash'])}.`);
    else if (record.hash === null) unchained += record.last - record.first + 1;
    else if (isNext && chainHash(before, record.body) !== record.hash) {
      findings.push(`${say(record, ['is not as it was', 'are not as they were'])} written, or what stood before is another.`);
    }
    const entries = entriesOf(job, record);
    if (typeof entries === 'string') findings.push(entries);
    else onEntries(entries);
    // Continues with the stored hash, so one change is one fault.
    before = record.hash ?? '';
    isChained ||= record.hash !== null;
    last = Math.max(last, record.last);
  }
  if (count === 0) findings.push('There is no entry at all.');
  return { records: count, entries: last, unchained, findings };
}

function entriesOf(job: string, record: StoredRecord): readonly Entry[] | string {
  try {
    const entries = decodeEntries({ ...record, job });
    const wanted = record.last - record.first + 1;
    return entries.length === wanted ? entries : `${say(record, ['is', 'are'])} said to be ${wanted} and ${entries.length} are there.`;
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown.message;
    throw thrown;
  }
}

/** `Entry 3 is` or `Entries 3 to 4 are`. */
function say({ first, last }: { readonly first: number; readonly last: number }, [one, many]: readonly [string, string]): string {
  return first === last ? `Entry ${first} ${one}` : `Entries ${first} to ${last} ${many}`;
}
