// The port to the store of checkpoints. A checkpoint is the state of a run as of one entry, so that loading the run need not
// fold its whole logbook. Checkpoints are a cache beside the logbook and outside its hash chain. Each may be lost, old or
// damaged, so the loader checks it against the logbook, and replays from the first entry when it does not match.

export interface Checkpoint {
  /** Number of the last entry that the state includes. */
  readonly number: number;
  /** Version of the folding code, and fingerprint of the compiled flow. */
  readonly fold: string;
  readonly flow: string;
  readonly body: string;
}

/** A store with at most one checkpoint per job. */
export interface CheckpointStore {
  /** Replaces the job's checkpoint; does nothing for a job that does not exist. Throws STORE_FAILED. */
  keep(job: string, checkpoint: Checkpoint): Promise<void>;
  /** The job's checkpoint, or null. Throws STORE_FAILED. */
  latest(job: string): Promise<Checkpoint | null>;
}

/** Keeps checkpoints in a map. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #kept = new Map<string, Checkpoint>();

  async keep(job: string, checkpoint: Checkpoint): Promise<void> {
    this.#kept.set(job, checkpoint);
  }

  async latest(job: string): Promise<Checkpoint | null> {
    return this.#kept.get(job) ?? null;
  }
}
