// The interface of a store that is measured.
import type { CheckpointStore, FlowStore, JobBoard, LogbookStore } from '@windlass/engine/ports';
import type { Limits } from './limits.ts';

export interface OpenStore {
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  /** Only where jobs outlive the process. */
  readonly checkpoints?: CheckpointStore;
  close(): Promise<void>;
}

/** The place of a store's data; it outlives the process that opened it. */
export interface Place {
  /** The argument of `open`, in this process or in another. */
  readonly address: string;
  /** Bytes stored by now; asked while the store is closed. */
  bytes(): Promise<number>;
  remove(): Promise<void>;
}

export interface BenchStore {
  readonly name: string;
  /** Do committed entries survive a SIGKILL? */
  readonly durable: boolean;
  /** A new, empty place. */
  place(): Promise<Place>;
  open(address: string): Promise<OpenStore>;
  /** The limits of its machine and medium. */
  limit(): Promise<Limits>;
}
