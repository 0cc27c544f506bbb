// The time by which a conductor times its jobs (decision 0017). A wall clock is set by people and by NTP, so it may jump.
//
// 1. This time never goes back. After the clock is set back, it goes on with the time that passes, 5 % slower until the clock
//    has caught up: a limit comes late by 5 % at most, and entries get the right time again.
// 2. It follows a clock that is set forward at once, and keeps the jump: what lasts is not shortened by it (state/agenda.ts).
//    A sleep of the machine is no jump, because `elapsed` counts it.
import type { Clock } from '../clock.ts';
import { type ClockJump, SLOWED } from '../run/state/time-heaps.ts';

/** A smaller difference is noise, or a correction that shortens no wait by more than this. */
const LEAST_JUMP_MS = 250;

/** Number of jumps that are kept. */
const MOST_JUMPS = 100;

/** The longest wait before the clock is looked at again, because timers stand still while the machine sleeps. */
const LOOK_EVERY_MS = 10_000;

type Source = Pick<Clock, 'now' | 'elapsed'>;

export class SteadyTime {
  readonly #source: Source;
  /** The last full look: what the clock and `elapsed` said, and this time then. */
  #clock: number;
  #elapsed: number;
  #anchor: number;
  /** Was this time that of the clock at the last full look? */
  #wasOnClock: boolean;
  #time: number;
  #jumps: readonly ClockJump[];

  /** Begins with the time of the source, but not before `from`. */
  constructor(source: Source, { from = -Infinity, jumps = [] }: { readonly from?: number; readonly jumps?: readonly ClockJump[] } = {}) {
    this.#source = source;
    this.#elapsed = source.elapsed();
    this.#clock = source.now();
    this.#anchor = Math.max(from, this.#clock);
    this.#wasOnClock = this.#anchor === this.#clock;
    this.#time = this.#anchor;
    this.#jumps = jumps;
  }

  /**
   * Milliseconds since 1970, never less than before. Between two full looks the clock alone is read, because a full look at
   * each event took 2 % of a step.
   */
  now(): number {
    const clock = this.#source.now();
    if (this.#wasOnClock && clock >= this.#time && clock - this.#clock < LEAST_JUMP_MS) this.#time = clock;
    else this.#look(clock);
    return Math.floor(this.#time);
  }

  /** Goes on from that time at least: the board or an entry proves that it has come. */
  reach(time: number): void {
    if (time <= this.#time) return;
    this.#elapsed = this.#source.elapsed();
    this.#clock = this.#source.now();
    this.#anchor = time;
    this.#wasOnClock = false;
    this.#time = time;
  }

  /** The jumps so far, oldest first; the same array until the next jump. */
  get jumps(): readonly ClockJump[] {
    return this.#jumps;
  }

  #look(clock: number): void {
    const elapsed = this.#source.elapsed();
    const passed = Math.max(0, elapsed - this.#elapsed);
    const expected = this.#anchor + passed;
    const ahead = Math.floor(clock - expected);
    // Whole milliseconds, because due times that are moved by a jump are stored.
    if (ahead > LEAST_JUMP_MS) this.#jumps = [...this.#jumps, { at: Math.floor(clock), by: ahead }].slice(-MOST_JUMPS);
    const time = clock >= expected ? clock : Math.max(clock, this.#anchor + passed * SLOWED);
    this.#time = Math.max(this.#time, time);
    this.#clock = clock;
    this.#elapsed = elapsed;
    this.#anchor = this.#time;
    this.#wasOnClock = this.#time === clock;
  }
}

/** The time of a conductor. */
export class ConductorTime {
  readonly #clock: Source;
  readonly #steady: SteadyTime;
  readonly #isShared: boolean;

  /** `isShared`: the board has a clock that several servers share, and `clock` is that clock. */
  constructor(clock: Source, { isShared }: { readonly isShared: boolean }) {
    this.#clock = clock;
    this.#steady = new SteadyTime(clock);
    this.#isShared = isShared;
  }

  /** A shared clock is followed when it is set back too, because all servers must agree about leases and parked jobs. */
  now(): number {
    const steady = this.#steady.now();
    return this.#isShared ? this.#clock.now() : steady;
  }

  elapsed(): number {
    return this.#clock.elapsed();
  }

  /** The time of a run whose last entry has that time: never before it, and steady for as long as the run is driven. */
  ofRun(lastTime: number): SteadyTime {
    // First, because it looks for a jump.
    this.now();
    return new SteadyTime(this, { from: lastTime, jumps: this.#steady.jumps });
  }
}

/** Calls `due` once when `isDue` says so, at or after `time`; returns the way to cancel it. */
export function atTime(
  clock: Pick<Clock, 'after'>,
  { time, now, isDue }: { readonly time: number; readonly now: () => number; readonly isDue: () => boolean },
  due: () => void,
): () => void {
  let cancelTimer = () => {};
  const wait = () => {
    const ms = Math.min(Math.max(0, time - now()), LOOK_EVERY_MS);
    cancelTimer = clock.after(ms, () => (isDue() ? due() : wait()));
  };
  wait();
  return () => cancelTimer();
}
