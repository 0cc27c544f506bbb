// Lets the event loop turn between the calls of all drivers of a conductor. In memory nothing else does: commits and calls resolve at
// once, so 50 small jobs were carried out for 115 ms in one turn of the loop while each driver counted only its own calls.
import type { Pause } from '../../clock.ts';

/** Number of calls after which the loop turns: about 10 ms of work. */
const CALLS_A_TURN = 500;

export class LoopTurns {
  readonly #pause: Pause;
  #calls = 0;
  #turn: Promise<void> | null = null;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  /** A call has begun. Every driver waits for the promise before its next call; null while no turn of the loop is due. */
  afterCall(): Promise<void> | null {
    this.#calls += 1;
    if (this.#turn === null && this.#calls >= CALLS_A_TURN) this.#turn = this.#begin();
    return this.#turn;
  }

  async #begin(): Promise<void> {
    await this.#pause();
    this.#calls = 0;
    this.#turn = null;
  }
}
