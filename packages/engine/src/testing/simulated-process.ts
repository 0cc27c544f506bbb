// A simulated process. Its requests to others go through a network that delivers them when the simulation decides, and answers
// reach it only while it is awake. A sleeping process does nothing and does not notice the sleep. A dead process receives
// nothing any more, but requests that it had sent still arrive.
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors.ts';

/** How a request ends: answered; failed with nothing done; or done but with its answer lost. */
export type RequestFate = 'answered' | 'fails' | 'done and lost';

/** Time, timers and messages between the processes of one simulation. */
export class SimulatedNetwork {
  now = 1_000_000;
  /** Time that has passed, however the clock was set. */
  elapsed = 0;
  /** Requests and answers that were sent and have not arrived. */
  readonly underWay: (() => void)[] = [];
  /** Called for each request: how it ends. */
  fateOf: (request: string) => RequestFate = () => 'answered';
  /** Called for each answer: is it delayed? */
  isSlow: () => boolean = () => false;
  readonly #timers = new Set<{ readonly at: number; readonly due: () => void }>();

  /** Moves time forward and calls the timers that are due, the earliest first. */
  advance(by: number): void {
    this.now += by;
    this.elapsed += by;
    const due = [...this.#timers].filter(({ at }) => at <= this.elapsed).sort((a, b) => a.at - b.at);
    for (const timer of due) if (this.#timers.delete(timer)) timer.due();
  }

  /** Sets the machine's clock; the remaining delay of each timer stays the same. */
  jump(by: number): void {
    this.now += by;
  }

  /** Number of timers that have not fired and were not cancelled. */
  get timers(): number {
    return this.#timers.size;
  }

  after(ms: number, due: () => void): () => void {
    const timer = { at: this.elapsed + ms, due };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

/** One process. */
export class SimulatedProcess {
  readonly #network: SimulatedNetwork;
  readonly #unheard: (() => void)[] = [];
  /** How far its clock is ahead of the true time. */
  #ahead = 0;
  #asleep = false;
  #dead = false;

  constructor(network: SimulatedNetwork) {
    this.#network = network;
  }

  get isAwake(): boolean {
    return !this.#asleep && !this.#dead;
  }

  sleep(): void {
    this.#asleep = true;
  }

  /** Delivers everything that arrived during the sleep. */
  wake(): void {
    this.#asleep = false;
    for (const hear of this.#unheard.splice(0)) this.hear(hear);
  }

  die(): void {
    this.#dead = true;
  }

  /** Delivers a message to this process, or keeps it until the process wakes. */
  hear(heard: () => void): void {
    if (this.#dead) return;
    if (this.#asleep) this.#unheard.push(heard);
    else heard();
  }

  /** Sends a request to another process. */
  ask<Answer>(request: string, ask: () => Promise<Answer>): Promise<Answer> {
    const network = this.#network;
    return new Promise((resolve, reject) => {
      const reply = (heard: () => void) => {
        if (network.isSlow()) network.underWay.push(() => this.hear(heard));
        else this.hear(heard);
      };
      network.underWay.push(() => {
        const fate = network.fateOf(request);
        const lose = () => reply(() => reject(new EngineError('STORE_FAILED', `The connection was cut: ${request}.`)));
        if (fate === 'fails') return lose();
        ask().then(
          (answer) => (fate === 'answered' ? reply(() => resolve(answer)) : lose()),
          (cause: unknown) => reply(() => reject(cause)),
        );
      });
    });
  }

  /** Sets the clock of only this process; the remaining delay of each timer stays the same. */
  setClock(by: number): void {
    this.#ahead += by;
  }

  /** The clock as this process reads it. */
  clock(): Clock {
    const network = this.#network;
    const now = () => network.now + this.#ahead;
    const after = (ms: number, due: () => void) => {
      let isCancelled = false;
      const cancelTimer = network.after(ms, () => this.hear(() => (isCancelled ? undefined : due())));
      return () => {
        isCancelled = true;
        cancelTimer();
      };
    };
    return {
      now,
      elapsed: () => network.elapsed,
      after,
      at: (time, due) => {
        let cancelTimer = () => {};
        const wait = () => {
          cancelTimer = after(Math.max(0, time - now()), () => (now() < time ? wait() : due()));
        };
        wait();
        return () => cancelTimer();
      },
    };
  }
}
