// Time by PostgreSQL's clock. It is measured at intervals; between two measurements the elapsed time of this machine is added, so
// setting the clock of this machine changes nothing. Leases are measured by PostgreSQL itself;
// entries, and what they say is due, have this time, so that servers whose clocks differ agree on it.
import type { Clock } from '@windlass/engine/ports';

/** SQL of PostgreSQL's time in ms. As a query of its own it is evaluated once, so that an index can be used. */
export const DATABASE_NOW = '(SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint)';

/** A smaller difference is ignored. */
const NOISE_MS = 50;
const LOOK_EVERY_MS = 10_000;

export class DatabaseClock implements Clock {
  readonly #local: Clock;
  /** PostgreSQL's time less the elapsed time of this machine. */
  #offset: number;

  constructor(local: Clock) {
    this.#local = local;
    this.#offset = local.now() - local.elapsed();
  }

  /** Milliseconds by which the clock of this machine is ahead of PostgreSQL's. */
  get localAhead(): number {
    return this.#local.now() - this.now();
  }

  now(): number {
    return Math.floor(this.#local.elapsed() + this.#offset);
  }

  elapsed(): number {
    return this.#local.elapsed();
  }

  after(ms: number, due: () => void): () => void {
    return this.#local.after(ms, due);
  }

  at(time: number, due: () => void): () => void {
    let cancelTimer = () => {};
    const wait = () => {
      // The offset may change meanwhile, and a timer stands still while the machine sleeps.
      cancelTimer = this.#local.after(Math.min(Math.max(0, time - this.now()), LOOK_EVERY_MS), () => (this.now() < time ? wait() : due()));
    };
    wait();
    return () => cancelTimer();
  }

  /** Asks PostgreSQL for its time. An answer that took long is used as a lower bound only. */
  async measure(ask: () => Promise<number>): Promise<void> {
    const asked = this.#local.elapsed();
    const database = await ask();
    const answered = this.#local.elapsed();
    const within = (answered - asked) / 2 + NOISE_MS;
    const offset = database - (asked + answered) / 2;
    if (Math.abs(offset - this.#offset) > within) this.#offset = offset;
  }
}
