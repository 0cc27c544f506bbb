// Finds jobs that begin to need a person, and raises one notice for each need.
//
// 1. Changed jobs are read soon after the change. All jobs that need a person are read at the start and every minute, because the news of
// a change can be lost: by a crash right after its commit, or on the way from another server.
// 2. The entry with which a need began identifies its notice, so reading it twice, or on several servers, raises one notice.
// 3. A need that ended before it was read raises no notice.
import type { JobBoard } from '../board/job-board.ts';
import type { Clock } from '../clock.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import type { Entry } from '../logbook/entry.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import { ifReadable, isUnreadable } from '../logbook/unreadable.ts';
import type { Operator } from '../operator.ts';
import type { RunSnapshot } from '../run/state/snapshot/snapshot.ts';
import type { NeedyJob, NoticeChannel, NoticeStore } from './notice-store.ts';
import { isOrigin } from './occurrence.ts';

/** Changes are collected for this time, so that one query covers all jobs that changed in it. */
const GATHER_MS = 200;
const SWEEP_EVERY = 60_000;
/** Number of jobs per query. */
const PAGE = 200;
/** After more changes than this, a sweep over all waiting jobs is cheaper. */
const MOST_HEARD = 2_000;
const ENTRIES = 100;

export interface WatchOptions {
  readonly store: NoticeStore;
  readonly board: Pick<JobBoard, 'onChanged'>;
  readonly logbook: Pick<LogbookStore, 'readBack'>;
  readonly operator: Pick<Operator, 'snapshot'>;
  readonly flows: Pick<FlowStore, 'getVersion'>;
  readonly channels: readonly NoticeChannel[];
  readonly clock: Clock;
  /** Resolves after the event loop has served everything else that is due. */
  readonly nextTurn: () => Promise<void>;
  /** The text of a notice; the snapshot is null when the job's logbook cannot be read. */
  readonly sentenceOf: (job: NeedyJob, snapshot: RunSnapshot | null, definition: FlowDefinition | null) => string;
  readonly warn: (text: string, cause?: unknown) => void;
  /** Called when a notice may have been added. */
  readonly onRaised: () => void;
}

export class AttentionWatch {
  readonly #options: WatchOptions;
  readonly #heard = new Set<string>();
  /** The claim token of each unclaimed job when it was last read; while the token is the same, its need is the same. */
  #looked = new Map<string, number>();
  #isSweepDue = true;
  #isStopped = false;
  #round: Promise<void> | null = null;
  #isGathering = false;
  readonly #endings: (() => void)[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#endings.push(this.#options.board.onChanged((job) => this.#hear(job)));
    this.#look();
    this.#sweepLater();
  }

  /** Stops after the jobs that are being read. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const end of this.#endings) end();
    await this.#round;
  }

  #hear(job: string): void {
    if (this.#heard.size < MOST_HEARD) this.#heard.add(job);
    else this.#isSweepDue = true;
    if (this.#isGathering || this.#isStopped) return;
    this.#isGathering = true;
    const { clock } = this.#options;
    clock.after(GATHER_MS, () => {
      this.#isGathering = false;
      this.#look();
    });
  }

  #sweepLater(): void {
    const { clock } = this.#options;
    const callOff = clock.after(SWEEP_EVERY, () => {
      this.#endings.splice(this.#endings.indexOf(callOff), 1);
      this.#isSweepDue = true;
      this.#look();
      if (!this.#isStopped) this.#sweepLater();
    });
    this.#endings.push(callOff);
  }

  #look(): void {
    if (this.#isStopped) return;
    this.#round ??= this.#lookAtAll().finally(() => {
      this.#round = null;
      // Jobs that changed in the meantime.
      if (this.#heard.size > 0 && !this.#isGathering) this.#look();
    });
  }

  async #lookAtAll(): Promise<void> {
    const { store, warn } = this.#options;
    try {
      if (this.#isSweepDue) {
        this.#isSweepDue = false;
        await this.#sweep();
      }
      const jobs = [...this.#heard];
      this.#heard.clear();
      for (let from = 0; from < jobs.length && !this.#isStopped; from += PAGE) {
        for (const job of await store.needing(jobs.slice(from, from + PAGE))) await this.#consider(job);
      }
    } catch (thrown) {
      // The next sweep finds the needs that were missed now.
      warn('Reading which jobs need a person failed', thrown);
    }
  }

  async #sweep(): Promise<void> {
    const { store } = this.#options;
    const waiting = new Map<string, number>();
    for (let after: number | null = 0; after !== null && !this.#isStopped; ) {
      await this.#options.nextTurn();
      const page: readonly NeedyJob[] = await store.allNeeding(after, PAGE);
      for (const job of page) {
        await this.#consider(job);
        const token = this.#looked.get(job.id);
        if (token !== undefined) waiting.set(job.id, token);
      }
      after = page.length < PAGE ? null : (page.at(-1)?.seq ?? null);
    }
    // Forgets the jobs that no longer wait.
    if (!this.#isStopped) this.#looked = waiting;
  }

  async #consider(job: NeedyJob): Promise<void> {
    if (this.#isStopped || (!job.isClaimed && this.#looked.get(job.id) === job.token)) return;
    const { store, channels, clock, nextTurn, warn, onRaised } = this.#options;
    // SQLite answers within the same turn: without this, 2,000 waiting jobs at a start blocked the event loop for 4.2 s.
    await nextTurn();
    try {
      const origin = await this.#origin(job);
      const known = await store.channelsOf(job.id, origin.number);
      if (known === null || channels.some((channel) => !known.includes(channel))) {
        const sentence = await this.#sentence(job);
        // A conductor may have claimed the job meanwhile; then the entry that was found may belong to another need.
        const [now] = await store.needing([job.id]);
        if (now?.token !== job.token || now.attention !== job.attention) return;
        const raisedAt = origin.time ?? clock.now();
        await store.raise({ job: job.id, entry: origin.number, attention: job.attention, sentence, raisedAt, channels });
        onRaised();
      }
      if (!job.isClaimed) this.#looked.set(job.id, job.token);
    } catch (thrown) {
      warn(`Raising a notice for ${job.id}, which needs a person, failed; it is tried again within a minute`, thrown);
    }
  }

  /** The entry with which the need began; the newest entry when none is known to, and 0 when the logbook cannot be read. */
  async #origin({ id, attention }: NeedyJob): Promise<Pick<Entry, 'number'> & { readonly time: number | null }> {
    let last: Entry | undefined;
    try {
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const entries = await this.#options.logbook.readBack(id, { before, limit: ENTRIES });
        last ??= entries[0];
        const origin = entries.find((entry) => isOrigin(attention, entry));
        if (origin !== undefined) return origin;
        const oldest = entries.at(-1);
        if (oldest === undefined || oldest.number <= 1) break;
        before = oldest.number;
      }
    } catch (thrown) {
      if (!isUnreadable(thrown)) throw thrown;
    }
    return last ?? { number: 0, time: null };
  }

  async #sentence(job: NeedyJob): Promise<string> {
    // The notice is raised without a snapshot when the logbook cannot be read, because then that is the need.
    const [snapshot, definition] = await Promise.all([
      ifReadable(this.#options.operator.snapshot(job.id)),
      ifReadable(this.#options.flows.getVersion(job.flow, job.version)),
    ]);
    return this.#options.sentenceOf(job, snapshot, definition);
  }
}
