// Time by PostgreSQL's clock: that of this machine, and by how much it is off. Leases are measured by PostgreSQL itself;
// entries, and what they say is due, have this time, so that servers whose clocks differ agree on it.
import type { Clock } from '@windlass/engine/ports';

/** SQL of PostgreSQL's time in ms. As a query of its own it is worked out once, so that an index can be used. */
export const DATABASE_NOW = '(SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint)';

/** A measurement that differs by no more than this says nothing new. */
const NOISE_MS = 50;

export class DatabaseClock implements Clock {
  readonly #local: Clock;
  /** PostgreSQL's time less that of this machine. */
  #offset = 0;

  constructor(local: Clock) {
    this.#local = local;
  }

  /** How far the clock of this machine is ahead of PostgreSQL's. */
  get localAhead(): number {
    return 0 - this.#offset;
  }

  now(): number {
    return this.#local.now() + this.#offset;
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
      // The offset may have changed since it was asked for.
      cancelTimer = this.#local.at(time - this.#offset, () => (this.now() < time ? wait() : due()));
    };
    wait();
    return () => cancelTimer();
  }

  /** Asks PostgreSQL for its time. What took long to answer says little, and is taken for what it says at least. */
  async measure(ask: () => Promise<number>): Promise<void> {
    const asked = this.#local.now();
    const database = await ask();
    const answered = this.#local.now();
    const within = (answered - asked) / 2 + NOISE_MS;
    const offset = Math.round(database - (asked + answered) / 2);
    if (Math.abs(offset - this.#offset) > within) this.#offset = offset;
  }
}
