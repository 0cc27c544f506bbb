// The only file of the engine that may touch time. Everything else gets a Clock or a time.

/** Time as the engine sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `due` once at or after that time, never before it; returns the way to cancel it. */
  at(time: number, due: () => void): () => void;
}

/** Lets the event loop do what waits: timers, answers, the renewal of leases. Long work asks for it between its slices. */
export type Pause = () => Promise<void>;

/** Longest delay that setTimeout keeps; a longer one is waited for in pieces. */
const LONGEST = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, due) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Node fires about one timer in twenty a millisecond early, so the time is looked at again.
    const wait = () => {
      timer = setTimeout(look, Math.min(Math.max(0, time - Date.now()), LONGEST));
    };
    const look = () => (Date.now() < time ? wait() : due());
    wait();
    return () => clearTimeout(timer);
  },
};

/** Until everything that is ready now has had its turn. */
export const systemPause: Pause = () => new Promise((resolve) => setImmediate(resolve));
