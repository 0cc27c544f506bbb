// A logbook as a file of JSON Lines (L3): a header line, then one entry a line in readable JSON.
// The last entry of each record carries the hash of the record, so the file can be verified without a database.
import { type Json, type JsonObject, isJsonObject } from '@windlass/engine/definition';
import { EngineError } from '@windlass/engine/ports';
import type { Entry } from '@windlass/engine/run';
import { decodeEntries, encodeEntries } from './entry-codec.ts';
import type { RecordedJob, StoredRecord } from './record-source.ts';
import { type ChainReport, verifyChain } from './verify-chain.ts';

const FORMAT = 'windlass-logbook';

/** The lines of a logbook, each with its line feed. Throws LOGBOOK_BROKEN for a record that cannot be read. */
export async function* logbookLines(job: RecordedJob, records: AsyncIterable<StoredRecord>): AsyncGenerator<string> {
  const { id, flow, flowName, version } = job;
  yield `${JSON.stringify({ format: FORMAT, formatVersion: 1, job: id, flow, flowName, version })}\n`;
  for await (const record of records) {
    const entries = decodeEntries({ ...record, job: id });
    for (const entry of entries) {
      const isLast = entry.number === record.last && record.hash !== null;
      yield `${JSON.stringify(isLast ? { ...entry, hash: record.hash } : entry)}\n`;
    }
  }
}

/** Verifies such a file by its lines. Throws LOGBOOK_BROKEN with one sentence when it is none. */
export async function verifyLines(lines: AsyncIterable<string>): Promise<ChainReport & { readonly job: string }> {
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  const { format, job } = parse(first.done === true ? '{}' : first.value, 1);
  if (format !== FORMAT || typeof job !== 'string') {
    throw new EngineError('LOGBOOK_BROKEN', 'This is no exported logbook: its first line does not say so.');
  }
  return { job, ...(await verifyChain(job, recordsIn({ [Symbol.asyncIterator]: () => iterator }))) };
}

/** One record: the entries up to and including an entry with a hash. */
async function* recordsIn(lines: AsyncIterable<string>): AsyncGenerator<StoredRecord> {
  let entries: JsonObject[] = [];
  let number = 1;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const { hash, ...entry } = parse(line, number);
    entries.push(entry);
    if (typeof hash !== 'string') continue;
    yield recordOf(entries, { hash, line: number });
    entries = [];
  }
  if (entries.length > 0) yield recordOf(entries, { hash: null, line: number });
}

/** Encodes the entries again as they were written, and compares the rest of each line with them. */
function recordOf(lines: readonly JsonObject[], { hash, line }: { readonly hash: string | null; readonly line: number }): StoredRecord {
  try {
    const entries = lines as unknown as readonly Entry[];
    const [first, last] = [Number(lines[0]?.['number']), Number(lines.at(-1)?.['number'])];
    const body = encodeEntries(entries);
    const isSame = JSON.stringify(decodeEntries({ job: '', first, body })) === JSON.stringify(lines);
    return { first, last, body: isSame ? body : `${body} `, hash };
  } catch (cause) {
    throw new EngineError('LOGBOOK_BROKEN', `The entries up to line ${line} are none that Windlass writes.`, { cause });
  }
}

function parse(line: string, number: number): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new EngineError('LOGBOOK_BROKEN', `Line ${number} is not JSON.`, { cause });
  }
  if (isJsonObject(value as Json)) return value as JsonObject;
  throw new EngineError('LOGBOOK_BROKEN', `Line ${number} is no entry.`);
}
