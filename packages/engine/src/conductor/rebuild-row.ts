// What lists show of a job is a cache of its logbook (SEMANTICS L1): it can be worked out again, and compared.
import type { JobRow } from '../board/job.ts';
import { systemPause } from '../clock.ts';
import type { FlowStore } from '../definition/flow-store.ts';
import type { Checkpoint, CheckpointStore } from '../logbook/checkpoint-store.ts';
import type { JobChange, LogbookStore } from '../logbook/logbook-store.ts';
import type { TypeLookup } from '../run/graph/graph.ts';
import { makeCheckpoint } from './checkpoints.ts';
import { RunLoader } from './load-run.ts';
import { jobChangeOf } from './run-driver.ts';

interface Stores {
  readonly flows: FlowStore;
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly typeOf: TypeLookup;
}

/** Columns of a job's row by its entries alone. Throws LOGBOOK_BROKEN, JOB_UNKNOWN, VERSION_UNKNOWN. */
export type RowRebuilder = (row: JobRow) => Promise<JobChange>;

/** Keeps compiled flow versions between jobs. */
export function rowRebuilder(stores: Stores): RowRebuilder {
  const loader = replayLoader(stores);
  return async (row) => jobChangeOf(await loader.load(row));
}

/** Never from a checkpoint. */
function replayLoader({ flows, logbook, typeOf }: Stores): RunLoader {
  return new RunLoader({ flows, logbook, typeOf });
}

/** What a job's checkpoint says otherwise than its logbook, and the checkpoint that belongs in its place. */
export interface WrongCheckpoint {
  readonly because: string;
  /** Null where the job can have none. */
  readonly right: Checkpoint | null;
}

/**
 * Compares a job's checkpoint with the replay of its entries; null where they agree, or where the job has none that is
 * in use: one of another fold or flow version is ignored. Throws as a rebuilt row does.
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
    return { because: `Its checkpoint of entry ${kept.number} is not what its logbook says.`, right };
  };
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
