// Sees that jobs begin to need a person, and makes a notice of each time once.
//
// 1. What is heard of is looked at soon; all jobs that wait are looked at when it starts, and now and then, as what is
// heard may be lost: by a crash between a commit and this, or on its way from another server.
// 2. A notice is named by the entry by which the need arose, so looking twice, here or in several servers, makes one.
// 3. A need that is over before anybody looked is no notice.
import type { JobBoard } from '../board/job-board.ts';
import type { Clock } from '../clock.ts';
import type { FlowStore } from '../definition/flow-store.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../logbook/entry.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { Operator } from '../operator.ts';
import type { RunSnapshot } from '../run/state/snapshot.ts';
import type { NeedyJob, NoticeChannel, NoticeStore } from './notice-store.ts';
import { isOrigin } from './occurrence.ts';

/** Changes are gathered for so long: one question then tells of all jobs that changed. */
const GATHER_MS = 200;
const SWEEP_EVERY = 60_000;
/** Jobs that are asked for at once. */
const PAGE = 200;
/** More than that were heard of: a sweep is cheaper. */
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
  /** Lets everything else that is due have its turn first. */
  readonly nextTurn: () => Promise<void>;
  /** What a notice of the job says; without its snapshot where its logbook cannot be read. */
  readonly sentenceOf: (job: NeedyJob, snapshot: RunSnapshot | null, definition: FlowDefinition | null) => string;
  readonly warn: (text: string, cause?: unknown) => void;
  /** A notice may have been added. */
  readonly onRaised: () => void;
}

export class AttentionWatch {
  readonly #options: WatchOptions;
  readonly #heard = new Set<string>();
  /** The claim after which each waiting job was looked at; nothing can have changed of it while that is its last one. */
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

  /** What is being looked at is looked at to its end. */
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
    clock.at(clock.now() + GATHER_MS, () => {
      this.#isGathering = false;
      this.#look();
    });
  }

  #sweepLater(): void {
    const { clock } = this.#options;
    const callOff = clock.at(clock.now() + SWEEP_EVERY, () => {
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
      // What was heard meanwhile.
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
      // The next sweep finds what was missed now.
      warn('It could not be seen which jobs need a person', thrown);
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
    // Forgets those that wait no more.
    if (!this.#isStopped) this.#looked = waiting;
  }

  async #consider(job: NeedyJob): Promise<void> {
    if (this.#isStopped || this.#looked.get(job.id) === job.token) return;
    const { store, channels, clock, nextTurn, warn, onRaised } = this.#options;
    // SQLite answers within the turn: without this the 2,000 waiting jobs of a start kept everybody else out for 4.2 s.
    await nextTurn();
    try {
      const origin = await this.#origin(job);
      const known = await store.channelsOf(job.id, origin.number);
      if (known === null || channels.some((channel) => !known.includes(channel))) {
        const sentence = await this.#sentence(job);
        // Whoever took it up meanwhile may have written more: then the entry found may not be the one of this need.
        const [now] = await store.needing([job.id]);
        if (now?.token !== job.token) return;
        const raisedAt = origin.time ?? clock.now();
        await store.raise({ job: job.id, entry: origin.number, attention: job.attention, sentence, raisedAt, channels });
        onRaised();
      }
      this.#looked.set(job.id, job.token);
    } catch (thrown) {
      warn(`No notice could be made of ${job.id}, which needs a person; it is tried again within a minute`, thrown);
    }
  }

  /** The entry by which the need arose; the last one where none says so, and 0 where the logbook cannot be read. */
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
      if (!(thrown instanceof EngineError && thrown.code === 'LOGBOOK_BROKEN')) throw thrown;
    }
    return last ?? { number: 0, time: null };
  }

  async #sentence(job: NeedyJob): Promise<string> {
    // A logbook that cannot be read is itself what needs a person.
    const [snapshot, definition] = await Promise.all([
      this.#options.operator.snapshot(job.id).catch(() => null),
      this.#options.flows.getVersion(job.flow, job.version).catch(() => null),
    ]);
    return this.#options.sentenceOf(job, snapshot, definition);
  }
}
