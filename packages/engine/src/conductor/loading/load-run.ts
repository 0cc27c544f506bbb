// Loads a job's run from its logbook, from committed entries only.
import type { JobRow } from '../../board/job.ts';
import { type Pause, systemPause } from '../../clock.ts';
import type { FlowStore } from '../../definition/flows/flow-store.ts';
import { isLastPage } from '../../logbook/entry-page.ts';
import type { CheckpointStore } from '../../logbook/checkpoint-store.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import { subflowIn, withSubflows } from '../../definition/flows/subflows.ts';
import { compileInSlices } from '../../run/graph/compiler.ts';
import { replay } from '../../run/state/fold/fold.ts';
import type { CompiledFlow, TypeLookup } from '../../run/graph/graph.ts';
import { type Run, emptyRun } from '../../run/state/run.ts';
import { inSlices } from '../../slices.ts';
import { CHECKPOINT_EVERY, Checkpoints } from './checkpoints.ts';
import { CompiledFlows } from './compiled-flows.ts';

const PAGE = 1_000;
/** Number of entries of a logbook that is read without a look for a checkpoint. */
const SHORT = 64;
/** Largest number of cached runs, and of their atoms together. */
const MOST_VIEWED = 16;
const MOST_VIEWED_ATOMS = 100_000;
/** A run with fewer entries is not cached, because it is read and folded within milliseconds. */
const WORTH_KEEPING = 200;

export type LoadedJob = Pick<JobRow, 'id' | 'flow' | 'version' | 'target'>;

export interface LoaderOptions {
  readonly flows: FlowStore;
  readonly logbook: Pick<LogbookStore, 'read'>;
  readonly typeOf: TypeLookup;
  /** When absent, every run is replayed from its first entry. */
  readonly checkpoints?: CheckpointStore;
  /** Least number of entries between two checkpoints of a job. */
  readonly checkpointEvery?: number;
  readonly pause?: Pause;
  /** Receives errors of reading and writing checkpoints. */
  readonly onTrouble?: (job: string, cause: unknown) => void;
}

/** Loads runs, and caches compiled flow versions. */
export class RunLoader {
  readonly #flows: FlowStore;
  readonly #logbook: Pick<LogbookStore, 'read'>;
  readonly #typeOf: TypeLookup;
  readonly #compiled = new CompiledFlows();
  readonly #checkpoints: Checkpoints | null;
  readonly #pause: Pause;
  readonly #short: number;
  readonly #viewed = new Map<string, Promise<Run>>();

  constructor({
    flows,
    logbook,
    typeOf,
    checkpoints,
    checkpointEvery: every = CHECKPOINT_EVERY,
    pause = systemPause,
    onTrouble = () => {},
  }: LoaderOptions) {
    this.#flows = flows;
    this.#logbook = logbook;
    this.#typeOf = typeOf;
    this.#pause = pause;
    this.#short = Math.min(SHORT, every);
    this.#checkpoints = checkpoints === undefined ? null : new Checkpoints({ store: checkpoints, pause, every, onTrouble });
  }

  /** The flow version, compiled. Throws FLOW_UNKNOWN, VERSION_UNKNOWN. */
  compiled(flow: string, version: number, target: string | null = null): Promise<CompiledFlow> {
    const key = `${flow}@${version}${target === null ? '' : ` ${target}`}`;
    return this.#compiled.get(key, () => this.#compile(flow, version, target));
  }

  async #compile(flow: string, version: number, target: string | null): Promise<CompiledFlow> {
    const { definition, subflows } = await withSubflows(this.#flows, { flow, version, target });
    // Reading a flow of 20,000 tasks takes 30 ms, so the loop turns before the first slice.
    await this.#pause();
    const compiled = await inSlices(compileInSlices(definition, this.#typeOf, subflowIn(subflows)), this.#pause);
    await this.#pause();
    return compiled;
  }

  /** The run as of its last committed entry, or as of entry `upTo`. Throws JOB_UNKNOWN, LOGBOOK_BROKEN. */
  async load(job: LoadedJob, upTo = Infinity): Promise<Run> {
    const compiled = await this.compiled(job.flow, job.version, job.target);
    const limit = Math.min(this.#short, upTo);
    const page = limit <= 0 ? [] : await this.#logbook.read(job.id, { after: 0, limit });
    // A short logbook is replayed: asking for the checkpoint of each parked job took 27 µs of its 300 on SQLite.
    const isShort = isLastPage(page, limit);
    const restored = isShort ? null : await this.#fromCheckpoint(job.id, compiled, upTo);
    if (restored !== null) return this.#goOn(restored, job.id, upTo);
    const run = emptyRun(compiled);
    replay(run, page);
    const last = page.at(-1);
    if (last !== undefined) this.committed(job.id, run, last);
    return isShort ? run : this.#goOn(run, job.id, upTo);
  }

  /**
   * The run as of its last committed entry, for the driver of the job: takes the cached run, if any,
   * out of the cache. Throws JOB_UNKNOWN, LOGBOOK_BROKEN.
   */
  async take(job: LoadedJob): Promise<Run> {
    const known = this.#viewed.get(job.id);
    this.#viewed.delete(job.id);
    const run = await known?.catch(() => null);
    if (run == null) return this.load(job);
    // Readers of the run must finish before it is driven, because a driver's run is ahead of the committed entries.
    await this.#pause();
    return this.#goOn(run, job.id, Infinity);
  }

  /** Puts the run of a job that is no longer driven into the cache, as of its last committed entry. */
  giveBack(job: string, run: Run): void {
    if (run.number < WORTH_KEEPING) return;
    this.#viewed.delete(job);
    this.#viewed.set(job, Promise.resolve(run));
    void this.#forgetOldest();
  }

  /** Called when the run's last entry is durable: writes a checkpoint of the job if one is due, beside other work. */
  committed(job: string, run: Run, last: Entry): void {
    this.#checkpoints?.consider(job, run, last);
  }

  /** Resolves when no checkpoint is being written. */
  async settled(): Promise<void> {
    await this.#checkpoints?.settled();
  }

  /** A checkpoint is used only if the logbook has its last entry. */
  async #fromCheckpoint(job: string, compiled: CompiledFlow, upTo: number): Promise<Run | null> {
    const loaded = (await this.#checkpoints?.load(job, compiled, upTo)) ?? null;
    if (loaded === null) return null;
    const [last] = await this.#logbook.read(job, { after: loaded.run.number - 1, limit: 1 });
    return last?.number === loaded.run.number && last.time === loaded.time ? loaded.run : null;
  }

  /**
   * The run as of its last committed entry, for reading only. It is cached, and new entries are folded into it when it is asked for
   * again: a page of a job with 50,000 entries asks several times, and a full replay takes most of a second.
   */
  async view(job: LoadedJob): Promise<Run> {
    const known = this.#viewed.get(job.id);
    // One after another, because two concurrent updates of the same run would fold an entry twice.
    const going = known === undefined ? this.load(job) : known.then((run) => this.#goOn(run, job.id, Infinity));
    this.#viewed.delete(job.id);
    this.#viewed.set(job.id, going);
    try {
      const run = await going;
      void this.#forgetOldest();
      return run;
    } catch (thrown) {
      this.#viewed.delete(job.id);
      throw thrown;
    }
  }

  async #goOn(run: Run, job: string, upTo: number): Promise<Run> {
    let last: Entry | undefined;
    for (;;) {
      const limit = Math.min(PAGE, upTo - run.number);
      const page = limit <= 0 ? [] : await this.#logbook.read(job, { after: run.number, limit });
      replay(run, page);
      last = page.at(-1) ?? last;
      if (limit <= 0 || isLastPage(page, limit)) break;
      await this.#pause();
    }
    if (last !== undefined) this.committed(job, run, last);
    return run;
  }

  async #forgetOldest(): Promise<void> {
    const viewed = await Promise.all(
      [...this.#viewed].map(async ([id, run]) => ({ id, atoms: (await run.catch(() => null))?.atoms.length ?? 0 })),
    );
    let [count, atoms] = [0, 0];
    for (const one of viewed.reverse()) {
      count += 1;
      atoms += one.atoms;
      // The run used last stays, however large it is.
      if (count > 1 && (count > MOST_VIEWED || atoms > MOST_VIEWED_ATOMS)) this.#viewed.delete(one.id);
    }
  }
}
