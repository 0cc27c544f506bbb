// The time with which a board under test measures leases.

/** The time of a board. `pass` moves it forward. */
export interface BoardTime {
  now(): number;
  pass(ms: number): Promise<void>;
  /** Largest difference between a stored time and the time of this object. */
  readonly within: number;
}

/** For boards that use the caller's time. */
export function callersTime(): BoardTime {
  let now = 1_000_000;
  return {
    now: () => now,
    pass: async (ms) => {
      now += ms;
    },
    within: 0,
  };
}
