// The port to whatever keeps checkpoints: the state of a run as of one entry, so that loading the run does not fold its
// whole logbook again. They are a cache beside the logbook and outside its chain: each may be lost, old or damaged, and
// whoever loads one checks it against the logbook and replays where it does not fit.

export interface Checkpoint {
  /** Number of the last entry that is folded in. */
  readonly number: number;
  /** Version of the code that folded, and fingerprint of the compiled flow. */
  readonly fold: string;
  readonly flow: string;
  readonly body: string;
}

/** A checkpoint store: at most one checkpoint a job. */
export interface CheckpointStore {
  /** Keeps this checkpoint of the job instead of the one before; passed over for a job that is not there. Throws STORE_FAILED. */
  keep(job: string, checkpoint: Checkpoint): Promise<void>;
  /** Null where there is none. Throws STORE_FAILED. */
  latest(job: string): Promise<Checkpoint | null>;
}

/** Nothing but a map. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #kept = new Map<string, Checkpoint>();

  async keep(job: string, checkpoint: Checkpoint): Promise<void> {
    this.#kept.set(job, checkpoint);
  }

  async latest(job: string): Promise<Checkpoint | null> {
    return this.#kept.get(job) ?? null;
  }
}
