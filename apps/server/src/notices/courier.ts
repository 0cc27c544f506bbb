// Sends the notices of one channel. The store keeps the time of each next try, so a restart loses no notice.
//
// 1. A notice is taken under a lease that is longer than a try, so only one of several servers sends the notice.
// 2. A failed try is repeated after growing pauses. After the last try the delivery is FAILED, and the page says so.
// 3. A server that dies while it sends may have sent the notice. After the lease the notice is sent again with the same key.
import type { Clock, NoticeChannel, NoticeStore, TakenNotice, TryEnd } from '@windlass/engine/ports';
import { type Send, Undelivered } from './message.ts';

/** Pauses after failed tries: one try more than pauses, over about two hours. */
export const PAUSES_MS: readonly number[] = [10_000, 30_000, 120_000, 300_000, 900_000, 1_800_000, 3_600_000];
/** Most time for one try. */
const TRY_MS = 20_000;
/** Clocks of servers may differ by some seconds. */
const LEASE_MS = 60_000;
/** Most time until the notices of a dead server are found. */
const LOOK_EVERY = 30_000;
const AT_ONCE = 4;

export interface CourierOptions {
  readonly store: Pick<NoticeStore, 'take' | 'settle' | 'nextDue'>;
  readonly channel: NoticeChannel;
  readonly send: Send;
  /** The page of a job. */
  readonly linkOf: (job: string) => string;
  readonly clock: Clock;
  readonly pauses?: readonly number[];
  readonly warn: (text: string, cause?: unknown) => void;
}

export class Courier {
  readonly #options: CourierOptions;
  readonly #pauses: readonly number[];
  readonly #stopping = new AbortController();
  #round: Promise<void> | null = null;
  #isNudged = false;
  #callOff: () => void = () => {};

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#pauses = options.pauses ?? PAUSES_MS;
  }

  /** A notice may be due. */
  nudge(): void {
    if (this.#stopping.signal.aborted) return;
    this.#isNudged = true;
    this.#round ??= this.#work().finally(() => {
      this.#round = null;
      if (this.#isNudged) this.nudge();
    });
  }

  /** Breaks off the current try, which does not count. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#callOff();
    await this.#round;
  }

  async #work(): Promise<void> {
    const { store, channel, clock, warn } = this.#options;
    this.#callOff();
    let due: number | null = null;
    try {
      while (this.#isNudged && !this.#stopping.signal.aborted) {
        this.#isNudged = false;
        await this.#deliverDue();
        due = await store.nextDue(channel);
      }
    } catch (thrown) {
      this.#isNudged = false;
      warn('Notices could not be sent', thrown);
    }
    if (this.#stopping.signal.aborted) return;
    const latest = clock.now() + LOOK_EVERY;
    this.#callOff = clock.at(due === null ? latest : Math.min(Math.max(due, clock.now()), latest), () => this.nudge());
  }

  async #deliverDue(): Promise<void> {
    const { store, channel, clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const now = clock.now();
      const mostTries = this.#pauses.length + 1;
      const taken = await store.take({ channel, now, until: now + LEASE_MS, limit: AT_ONCE, mostTries });
      if (taken.length === 0) return;
      await Promise.all(taken.map((one) => this.#deliver(one)));
    }
  }

  /** When the end of a try cannot be recorded, the lease of the notice ends and the notice is tried again. */
  async #deliver(taken: TakenNotice): Promise<void> {
    const end = await this.#try(taken);
    await this.#options.store
      .settle(taken, end)
      .catch((thrown: unknown) => this.#options.warn(`It could not be recorded what became of a notice about ${taken.job}`, thrown));
  }

  async #try(taken: TakenNotice): Promise<TryEnd> {
    const { send, linkOf, clock, channel, warn } = this.#options;
    const stopping = this.#stopping.signal;
    const { job, entry, flowName, attention, sentence, raisedAt, tries } = taken;
    const message = { key: `${job}-${entry}`, job, flowName, attention, sentence, link: linkOf(job), raisedAt };
    try {
      const remark = await send(message, AbortSignal.any([stopping, AbortSignal.timeout(TRY_MS)]));
      return { kind: 'sent', at: clock.now(), remark };
    } catch (thrown) {
      if (stopping.aborted) return { kind: 'later', at: clock.now() };
      const why = thrown instanceof Undelivered ? thrown.message : 'it could not be sent';
      const pause = this.#pauses[tries - 1];
      if (pause === undefined) warn(`A notice about ${job} failed on ${channel} after ${tries} tries: ${why}`);
      return { kind: 'failed', why, againAt: pause === undefined ? null : clock.now() + pause };
    }
  }
}
