// The machine of a simulated conductor: time passes, its clock is set, and its process dies and begins again.
import { ConductorTime, type SteadyTime } from '../../conductor/steady-time.ts';

export class SimulatedMachine {
  #passed = 0;
  #ahead = 1_000_000;
  /** The jumps of the clock that the present process has seen, each with the time just after it. */
  #setForward: { readonly at: number; readonly by: number }[] = [];
  #process = new ConductorTime(this, { isShared: false });

  /** The wall clock. */
  now(): number {
    return this.#passed + this.#ahead;
  }

  elapsed(): number {
    return this.#passed;
  }

  /** The time of the process, by which parked jobs are offered. */
  get processTime(): number {
    return this.#process.now();
  }

  pass(ms: number): void {
    this.#passed += ms;
  }

  setClock(by: number): void {
    const before = this.processTime;
    this.#ahead += by;
    const at = this.processTime;
    if (at > before) this.#setForward.push({ at, by: at - before });
  }

  /** A new process knows nothing of jumps before it. */
  restart(): void {
    this.#setForward = [];
    this.#process = new ConductorTime(this, { isShared: false });
  }

  /** The time of a run that this process begins to drive. */
  timeOf(lastTime: number): SteadyTime {
    return this.#process.ofRun(lastTime);
  }

  /** By how much the clock was set forward since then. */
  setForwardSince(time: number): number {
    return this.#setForward.reduce((sum, { at, by }) => (at > time ? sum + by : sum), 0);
  }
}
