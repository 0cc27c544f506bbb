// The only file of the engine that reads the time. All other code is given a Clock or a time.

/** Time as the engine sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment. Setting the clock does not change it; it may stand still while the machine sleeps. */
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

export function momentOf(clock: Clock): Moment {
  return { now: clock.now(), elapsed: clock.elapsed() };
}

/** Lets the event loop run timers, answers and lease renewals. Long work awaits it between slices. */
export type Pause = () => Promise<void>;

/** The longest delay that setTimeout accepts; a longer wait takes several timers. */
const LONGEST = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
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

/** Resolves after the event loop has run everything that was ready. */
export const systemPause: Pause = () => new Promise((resolve) => setImmediate(resolve));
