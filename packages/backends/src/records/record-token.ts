// What a record of the logbook says of its writing: under which claim, for counting the conductors that were lost with a
// job (J4), and when.
import { decodeEntries } from './entry-codec.ts';

export interface StoredRecord {
  readonly first: number;
  readonly last: number;
  readonly body: string;
}

/** When its last entry was written; 0 when it cannot be read. */
export function lastTimeOf(record: StoredRecord, job: string): number {
  try {
    return decodeEntries({ ...record, job }).at(-1)?.time ?? 0;
  } catch {
    return 0;
  }
}

/** The token that a record was written under; null when it cannot be read, which is for whoever loads the job to say. */
export function tokenOf(record: StoredRecord, job: string): number | null {
  try {
    return decodeEntries({ ...record, job })[0]?.token ?? null;
  } catch {
    return null;
  }
}
