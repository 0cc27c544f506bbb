// The stores of an open database.
import type {
  BulkActStore,
  CheckpointStore,
  Clock,
  FlowStore,
  JobBoard,
  JobChange,
  LogbookStore,
  NoticeStore,
  ResourceLedger,
  SavedViewStore,
  TaskLogStore,
} from '@windlass/engine/ports';
import type { RecordSource } from './records/record-source.ts';
import type { Sessions } from './prisma/sessions.ts';

export interface BackendsOptions {
  /** `file:` and a path, or `postgresql://`. */
  readonly databaseUrl: string;
  /** The folder that holds `sqlite/migrations` and `postgresql/migrations`. */
  readonly prismaFolder: string;
  /** The clock of this machine, unless a test has another. */
  readonly clock?: Clock;
  /** Called for problems that no caller sees, such as a database that cannot be reached for a while. */
  readonly warn?: (text: string) => void;
}

export interface Backends {
  /** May other processes use the database at the same time? */
  readonly isShared: boolean;
  /** The clock of jobs: the database's clock where several servers share a database. */
  readonly clock: Clock;
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly checkpoints: CheckpointStore;
  readonly ledger: ResourceLedger;
  readonly taskLog: TaskLogStore;
  readonly notices: NoticeStore;
  readonly sessions: Sessions;
  readonly views: SavedViewStore;
  readonly bulkActs: BulkActStore;
  /** The records of logbooks as they are stored. */
  readonly records: RecordSource;
  /**
   * Sets the columns of a job's row, computed from its logbook; not for a job under a live claim. A job whose
   * logbook ends under a claim is offered again.
   */
  setRow(job: string, change: JobChange): Promise<void>;
  /** Runs `work` while no other process runs work of that name on this database. */
  runExclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Writes the buffered data and closes. */
  close(): Promise<void>;
}

/** The stores for reading beside a running server: without a lock and without migrations. */
export interface ReadingBackends extends Pick<Backends, 'flows' | 'records'> {
  readonly checkpoints: Pick<CheckpointStore, 'latest'>;
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly board: Pick<JobBoard, 'get'>;
  close(): Promise<void>;
}
