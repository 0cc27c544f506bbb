// The waits before a failed request to the store is repeated: each is twice the one before, up to a limit. Stopping ends all
// of them.
import type { Clock } from '../../clock.ts';

const FIRST_WAIT = 250;
const LAST_WAIT = 10_000;

export class StoreBackOff {
  readonly #clock: Clock;
  readonly #pauses = new Set<() => void>();
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after the wait that follows so many failed requests; false when the conductor stops. */
  pause(tries: number): Promise<boolean> {
    if (this.#stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const goOn = () => {
        cancelTimer();
        this.#pauses.delete(goOn);
        resolve(!this.#stopped);
      };
      const cancelTimer = this.#clock.after(waitAfter(tries), goOn);
      this.#pauses.add(goOn);
    });
  }

  /** Repeats the request after its wait, unless the conductor stops first. */
  repeat(tries: number, request: () => void): void {
    if (!this.#stopped) this.#clock.after(waitAfter(tries), request);
  }

  stop(): void {
    this.#stopped = true;
    for (const goOn of [...this.#pauses]) goOn();
  }
}

function waitAfter(tries: number): number {
  return Math.min(LAST_WAIT, FIRST_WAIT * 2 ** tries);
}
