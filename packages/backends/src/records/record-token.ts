// Under which claim a record of the logbook was written, for counting the conductors that were lost with a job (J4).
import { decodeEntries } from './entry-codec.ts';

export interface StoredRecord {
  readonly first: number;
  readonly last: number;
  readonly body: string;
}

/** The token that a record was written under; null when it cannot be read, which is for whoever loads the job to say. */
export function tokenOf(record: StoredRecord, job: string): number | null {
  try {
    return decodeEntries({ ...record, job })[0]?.token ?? null;
  } catch {
    return null;
  }
}
