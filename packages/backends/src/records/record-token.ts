// The claim and the time of a record of the logbook. The claims count the conductors that were lost with a job (J4).
import { decodeEntries } from './entry-codec.ts';

/** One commit's entries, `first` to `last`, in one encoded body (entry-codec.ts). */
export interface RecordBody {
  readonly first: number;
  readonly last: number;
  readonly body: string;
}

/** The time of the last entry of a record; 0 when the record cannot be read. */
export function lastTimeOf(record: RecordBody, job: string): number {
  try {
    return decodeEntries({ ...record, job }).at(-1)?.time ?? 0;
  } catch {
    return 0;
  }
}

/** The token under which a record was written; null when the record cannot be read. Loading the job reports that. */
export function tokenOf(record: RecordBody, job: string): number | null {
  try {
    return decodeEntries({ ...record, job })[0]?.token ?? null;
  } catch {
    return null;
  }
}
