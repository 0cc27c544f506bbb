// Time as a board under test measures leases.

/** The time of a board. `pass` makes it later. */
export interface BoardTime {
  now(): number;
  pass(ms: number): Promise<void>;
  /** By how much a stored time may differ from what it is by this one. */
  readonly within: number;
}

/** For boards that take the time of the caller. */
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
