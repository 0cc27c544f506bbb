// The only file of the engine that reads the time. All other code is given a Clock or a time.

/** Time as the engine sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment, a sleep of the machine included. Setting the clock does not change it. */
  elapsed(): number;
  /** Calls `due` once at or after that time, never before. Returns a function that cancels it. */
  at(time: number, due: () => void): () => void;
  /** Calls `due` once after that many milliseconds, 24 days at most, however the clock is set meanwhile; returns the way to cancel it. */
  after(ms: number, due: () => void): () => void;
}

/** A moment by both measures: what lasts since then has lasted at least as long as either says. */
export interface Moment {
  readonly now: number;
  readonly elapsed: number;
}

export function momentOf(clock: Pick<Clock, 'now' | 'elapsed'>): Moment {
  return { now: clock.now(), elapsed: clock.elapsed() };
}

/** Runs the work every `ms` milliseconds, first after `ms`, until the returned function is called. */
export function every(clock: Pick<Clock, 'after'>, ms: number, work: () => void): () => void {
  const tick = () => {
    cancel = clock.after(ms, tick);
    work();
  };
  let cancel = clock.after(ms, tick);
  return () => cancel();
}

/** Lets the event loop run timers, answers and lease renewals. Long work awaits it between slices. */
export type Pause = () => Promise<void>;

/**
 * Makes `elapsed`. A process's own timer stands still while the machine sleeps; the uptime of the machine goes on. The uptime is read
 * only after the clock went further than the timer, because reading it takes a call of the system.
 */
export function elapsedOf(machine: { now(): number; timer(): number; uptime(): number }): () => number {
  const start = machine.uptime() - machine.timer();
  let ahead = machine.now() - machine.timer();
  let slept = 0;
  return () => {
    const timer = machine.timer();
    const nowAhead = machine.now() - timer;
    // The uptime of some systems has whole seconds.
    if (nowAhead - ahead > SHORT_SLEEP_MS) slept = Math.max(slept, Math.floor(machine.uptime() - timer - start - SHORT_SLEEP_MS));
    ahead = nowAhead;
    return timer + slept;
  };
}

const SHORT_SLEEP_MS = 1_000;

/** The longest delay that setTimeout accepts; a longer wait takes several timers. */
const LONGEST = 2 ** 31 - 1;

/** The clock of this machine. `uptime`: milliseconds since it was started, its sleeps included. */
export function machineClock(uptime: () => number): Clock {
  return {
    now: () => Date.now(),
    elapsed: elapsedOf({ now: () => Date.now(), timer: () => performance.now(), uptime }),
    at(time, due) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      // Node fires about one timer in twenty a millisecond early, so the time is checked again.
      const wait = () => {
        timer = setTimeout(look, Math.min(Math.max(0, time - Date.now()), LONGEST));
      };
      const look = () => (Date.now() < time ? wait() : due());
      wait();
      return () => clearTimeout(timer);
    },
    after(ms, due) {
      const timer = setTimeout(due, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** The clock of this machine; a sleep of it looks like a clock that is set forward. */
export const systemClock = machineClock(() => performance.now());

/** Resolves after the event loop has run everything that was ready. */
export const systemPause: Pause = () => new Promise((resolve) => setImmediate(resolve));
