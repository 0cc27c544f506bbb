// What lists show of a job is a cache of its logbook (SEMANTICS L1): it can be worked out again, and compared.
import type { JobRow } from '../board/job.ts';
import type { FlowStore } from '../definition/flow-store.ts';
import type { JobChange, LogbookStore } from '../logbook/logbook-store.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import { RunLoader } from './load-run.ts';
import { jobChangeOf } from './run-driver.ts';

/** Columns of a job's row by its entries alone. Throws LOGBOOK_BROKEN, JOB_UNKNOWN, VERSION_UNKNOWN. */
export type RowRebuilder = (row: JobRow) => Promise<JobChange>;

/** Keeps compiled flow versions between jobs. */
export function rowRebuilder(stores: {
  readonly flows: FlowStore;
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly typeOf: TypeLookup;
}): RowRebuilder {
  const loader = new RunLoader(stores);
  return async (row) => jobChangeOf(await loader.load(row));
}

const COLUMNS = ['state', 'run', 'attention', 'forward', 'startedAt', 'endedAt', 'wakeAt'] as const;

/**
 * Where a row says something else than its logbook, a sentence each. A job under a claim is taken up before its first
 * entry says so, and is not compared; nor is why a dead letter is one, which only its row says.
 */
export function rowDifferences(row: JobRow, rebuilt: JobChange): string[] {
  if (row.state === 'CLAIMED') return [];
  return COLUMNS.flatMap((column) => {
    if (row[column] === rebuilt[column]) return [];
    if (column === 'forward' && row.attention === 'dead_lettered') return [];
    // A job that is woken is due at once, without an entry.
    if (column === 'wakeAt' && row.state === 'WAITING' && row.wakeAt !== null) return [];
    return [`${column} is ${String(row[column])} in its row and ${String(rebuilt[column])} by its logbook.`];
  });
}
