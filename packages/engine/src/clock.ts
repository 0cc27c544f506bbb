// The only file of the engine that may touch time. Everything else gets a Clock or a time.

/** Time as the engine sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `due` once at or after that time; returns the way to call it off. */
  at(time: number, due: () => void): () => void;
}

/** Longest delay that setTimeout keeps; a longer one is waited for in pieces. */
const LONGEST = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, due) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      const left = time - Date.now();
      timer = left > LONGEST ? setTimeout(wait, LONGEST) : setTimeout(due, Math.max(0, left));
    };
    wait();
    return () => clearTimeout(timer);
  },
};
