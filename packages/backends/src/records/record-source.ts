// The stored records of logbooks, for checks and exports. Reading takes no lock, so it works beside a running server.
// Records come in the order of their entries.
import { BatchSize } from './batch-size.ts';
import type { RecordBody } from './record-token.ts';

/** A record with its link in the chain. */
export interface StoredRecord extends RecordBody {
  /** 32 hex letters; null when it was written before records were chained. */
  readonly hash: string | null;
}

/** The facts of the job row that a check compares with its records. */
export interface RecordedJob {
  /** The place of the job in the order of posting. */
  readonly seq: number;
  readonly id: string;
  readonly flow: string;
  readonly flowName: string;
  readonly version: number;
}

/** Reads records in the order of their entries. */
export interface RecordSource {
  /** Jobs posted after that place, at most `limit`. */
  jobs(after: number, limit: number): Promise<readonly RecordedJob[]>;
  job(id: string): Promise<RecordedJob | undefined>;
  /** Records whose first entry is after that number, at most `limit`. */
  records(job: RecordedJob, after: number, limit: number): Promise<readonly StoredRecord[]>;
}

const PAGE = 200;

/** All records of a job, a page at a time. */
export async function* recordsOf(source: RecordSource, job: RecordedJob): AsyncGenerator<StoredRecord> {
  const batch = new BatchSize(PAGE, Infinity);
  for (let after = 0; ; ) {
    const page = await source.records(job, after, batch.size);
    yield* page;
    if (batch.next(page).isLast) return;
    after = page.at(-1)?.first ?? after;
  }
}

/** All jobs, in the order of posting. */
export async function* jobsOf(source: RecordSource): AsyncGenerator<RecordedJob> {
  for (let after = 0; ; ) {
    const page = await source.jobs(after, PAGE);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq ?? after;
  }
}
