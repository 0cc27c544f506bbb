// What a store must give to be measured.
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

/** Where a store keeps what it is given; outlives the process that opened it. */
export interface Place {
  /** What `open` takes, in this process or in another. */
  readonly address: string;
  /** Bytes stored by now; asked while the store is closed. */
  bytes(): Promise<number>;
  remove(): Promise<void>;
}

export interface BenchStore {
  readonly name: string;
  /** Whether what was committed is there after a SIGKILL. */
  readonly durable: boolean;
  /** A new, empty place. */
  place(): Promise<Place>;
  open(address: string): Promise<OpenStore>;
  /** What its machine and medium can do at best. */
  limit(): Promise<Limits>;
}
