// A process in a simulation: what it asks of others goes through a network that the simulation delivers when it likes,
// and what it is told reaches it only while it is awake. A process that sleeps does nothing at all, and knows nothing of
// it; one that died never hears anything again, while what it had sent still arrives.
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors.ts';

/** What becomes of a request: it is answered; or it fails and nothing was done; or it is done and its answer is lost. */
export type RequestFate = 'answered' | 'fails' | 'done and lost';

/** Time, timers, and what is on its way between the processes of one simulation. */
export class SimulatedNetwork {
  now = 1_000_000;
  /** Requests and answers that have left and not arrived. */
  readonly underWay: (() => void)[] = [];
  /** Drawn for each request. */
  fateOf: (request: string) => RequestFate = () => 'answered';
  /** Drawn for each answer: does it take its time? */
  isSlow: () => boolean = () => false;
  readonly #timers = new Set<{ readonly at: number; readonly due: () => void }>();

  /** Time goes on; what is due by then is called, the earliest first. */
  advance(by: number): void {
    this.now += by;
    const due = [...this.#timers].filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    for (const timer of due) if (this.#timers.delete(timer)) timer.due();
  }

  /** The clock of the machine is set; what a timer waits for has not come nearer than it says. */
  jump(by: number): void {
    this.now += by;
  }

  at(at: number, due: () => void): () => void {
    const timer = { at, due };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

/** One process. */
export class SimulatedProcess {
  readonly #network: SimulatedNetwork;
  readonly #unheard: (() => void)[] = [];
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

  /** All that was said meanwhile is heard at once. */
  wake(): void {
    this.#asleep = false;
    for (const hear of this.#unheard.splice(0)) this.hear(hear);
  }

  die(): void {
    this.#dead = true;
  }

  /** Something reaches this process. */
  hear(heard: () => void): void {
    if (this.#dead) return;
    if (this.#asleep) this.#unheard.push(heard);
    else heard();
  }

  /** Something is asked of another one. */
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

  /** The clock as this process sees it. */
  clock(): Clock {
    return {
      now: () => this.#network.now,
      at: (at, due) => {
        let isCancelled = false;
        const cancelTimer = this.#network.at(at, () => this.hear(() => (isCancelled ? undefined : due())));
        return () => {
          isCancelled = true;
          cancelTimer();
        };
      },
    };
  }
}
