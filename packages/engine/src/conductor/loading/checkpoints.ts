// Checkpoints of runs: written beside the commits, and loaded instead of the first part of a logbook.
//
// 1. A checkpoint is a cache: any fault in one (damage, another fold, another flow, an entry that the logbook
// does not have) only costs a replay from entry 1. 2. A commit never waits for a checkpoint. 3. A job gets a
// new checkpoint when the entries since the last one exceed 1,000, a quarter of all, and a quarter of the atoms, so writing
// them costs O(entries) in total; a job that comes to rest gets one after 1,000 entries.
import type { Pause } from '../../clock.ts';
import type { Checkpoint, CheckpointStore } from '../../logbook/checkpoint-store.ts';
import type { Entry } from '../../logbook/entry.ts';
import { fingerprintInSlices } from '../../run/graph/flow-fingerprint.ts';
import type { CompiledFlow } from '../../run/graph/graph.ts';
import { checkpointOf } from '../../run/state/checkpoint/checkpoint.ts';
import { foldVersion, readCheckpoint, writeCheckpoint } from '../../run/state/checkpoint/checkpoint-text.ts';
import type { Run } from '../../run/state/run.ts';
import { inSlices } from '../../slices.ts';

/** Default of the least number of entries between two checkpoints of a job. */
export const CHECKPOINT_EVERY = 1_000;
/**
 * Share of the entries, and of the atoms, after which a running job gets a checkpoint. A checkpoint copies all atoms: if
 * only entries counted, a flow of 20,000 tasks would be copied after each of its first few thousand entries.
 */
const SHARE = 0.25;
/** When a job is dropped from this map, its next checkpoint only comes earlier than necessary. */
const MOST_REMEMBERED = 10_000;

/** Makes the checkpoint of a run whose last entry has that time; null when it would be too long. The run may go on meanwhile. */
export async function makeCheckpoint(
  run: Run,
  { time, pause }: { readonly time: number; readonly pause: Pause },
): Promise<Checkpoint | null> {
  const compiled = run.flow.base ?? run.flow;
  const { number } = run;
  const taken = checkpointOf(run);
  const flow = await inSlices(fingerprintInSlices(compiled), pause);
  const body = await inSlices(writeCheckpoint(taken, time), pause);
  return body === null ? null : { number, fold: foldVersion(compiled), flow, body };
}

export interface CheckpointsOptions {
  readonly store: CheckpointStore;
  readonly pause: Pause;
  readonly every: number;
  readonly onTrouble: (job: string, cause: unknown) => void;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  /** Number of the last checkpoint, per job that this process has loaded. */
  readonly #latest = new Map<string, number>();
  readonly #writing = new Map<string, Promise<void>>();

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** The run as of the job's checkpoint, and the time of its last entry; null when no checkpoint up to that entry fits the flow. */
  async load(job: string, compiled: CompiledFlow, upTo: number): Promise<{ readonly run: Run; readonly time: number } | null> {
    const { store, pause, onTrouble } = this.#options;
    try {
      const kept = await store.latest(job);
      if (kept === null || kept.number > upTo || kept.fold !== foldVersion(compiled)) return null;
      if (kept.flow !== (await inSlices(fingerprintInSlices(compiled), pause))) return null;
      const loaded = await inSlices(readCheckpoint(compiled, kept.body), pause);
      if (loaded.run.number !== kept.number) return null;
      this.#remember(job, kept.number);
      return loaded;
    } catch (thrown) {
      onTrouble(job, thrown);
      return null;
    }
  }

  /** Called when the last entry of the run is durable. Writes a checkpoint if one is due; the caller need not wait. */
  consider(job: string, run: Run, last: Pick<Entry, 'time'>): void {
    const { every } = this.#options;
    const since = run.number - (this.#latest.get(job) ?? 0);
    const least = run.job === 'CLAIMED' ? Math.max(every, run.number * SHARE, run.atoms.length * SHARE) : every;
    if (since < least || this.#writing.has(job)) return;
    this.#remember(job, run.number);
    const written = this.#write(job, run, last.time)
      .catch((thrown: unknown) => this.#options.onTrouble(job, thrown))
      .finally(() => this.#writing.delete(job));
    this.#writing.set(job, written);
  }

  /** Resolves when the checkpoints being written are written. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  async #write(job: string, run: Run, time: number): Promise<void> {
    const { store, pause } = this.#options;
    const made = await makeCheckpoint(run, { time, pause });
    if (made !== null) await store.keep(job, made);
  }

  #remember(job: string, number: number): void {
    this.#latest.delete(job);
    this.#latest.set(job, number);
    const oldest = this.#latest.keys().next().value;
    if (this.#latest.size > MOST_REMEMBERED && oldest !== undefined) this.#latest.delete(oldest);
  }
}
