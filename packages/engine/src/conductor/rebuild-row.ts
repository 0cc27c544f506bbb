// The row of a job, which lists show, is a cache of its logbook (L1): makes the row again, and compares it.
import type { JobRow } from '../board/job.ts';
import { systemPause } from '../clock.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import type { Checkpoint, CheckpointStore } from '../logbook/checkpoint-store.ts';
import type { JobChange, LogbookStore } from '../logbook/logbook-store.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import { makeCheckpoint } from './loading/checkpoints.ts';
import { RunLoader } from './loading/load-run.ts';
import { jobChangeOf } from './job-change.ts';

interface Stores {
  readonly flows: FlowStore;
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly typeOf: TypeLookup;
}

/** Columns of a job's row from its entries only. Throws LOGBOOK_BROKEN, JOB_UNKNOWN, VERSION_UNKNOWN. */
export type RowRebuilder = (row: JobRow) => Promise<JobChange>;

/** Caches compiled flow versions between jobs. */
export function rowRebuilder(stores: Stores): RowRebuilder {
  const loader = replayLoader(stores);
  return async (row) => jobChangeOf(await loader.load(row));
}

/** Never from a checkpoint. */
function replayLoader({ flows, logbook, typeOf }: Stores): RunLoader {
  return new RunLoader({ flows, logbook, typeOf });
}

/** The difference between a job's checkpoint and its logbook, and the right checkpoint. */
export interface WrongCheckpoint {
  readonly because: string;
  /** Null when the job can have none. */
  readonly right: Checkpoint | null;
}

/**
 * Compares a job's checkpoint with the replay of its entries; null when they agree, or when the job has none that is
 * in use: one of another fold or flow version is ignored. Throws like the rebuilding of a row.
 */
export function checkpointChecker(
  stores: Stores & { readonly checkpoints: Pick<CheckpointStore, 'latest'> },
): (row: JobRow) => Promise<WrongCheckpoint | null> {
  const loader = replayLoader(stores);
  return async (row) => {
    const kept = await stores.checkpoints.latest(row.id);
    if (kept === null) return null;
    const run = await loader.load(row, kept.number);
    const [last] = await stores.logbook.read(row.id, { after: run.number - 1, limit: 1 });
    const right = await makeCheckpoint(run, { time: last?.time ?? 0, pause: systemPause });
    if (run.number !== kept.number)
      return { because: `Its checkpoint is of entry ${kept.number}, which its logbook does not have.`, right };
    if (right === null || kept.fold !== right.fold || kept.flow !== right.flow || kept.body === right.body) return null;
    return { because: `Its checkpoint of entry ${kept.number} differs from its logbook.`, right };
  };
}

const COLUMNS = ['state', 'run', 'attention', 'forward', 'forwardKind', 'startedAt', 'endedAt', 'wakeAt'] as const;

/**
 * One sentence for each difference between a row and its logbook. A claimed job is driven before its first
 * entry says so, and is not compared; nor is the reason of a dead letter, which may be only in its row.
 */
export function rowDifferences(row: JobRow, rebuilt: JobChange): string[] {
  if (row.state === 'CLAIMED') return [];
  return COLUMNS.flatMap((column) => {
    if (row[column] === rebuilt[column]) return [];
    if ((column === 'forward' || column === 'forwardKind') && row.attention === 'dead_lettered') return [];
    // Waking a job changes its time without an entry.
    if (column === 'wakeAt' && row.state === 'WAITING' && row.wakeAt !== null) return [];
    return [`${column} is ${String(row[column])} in its row, but ${String(rebuilt[column])} in its logbook.`];
  });
}
