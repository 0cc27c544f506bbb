import type { Stop } from './task-runner.ts';

/** Stops one call. It makes the AbortController only when a task asks for the signal: most do not, and making it costs 3 µs. */
export class CallStop implements Stop {
  #controller: AbortController | null = null;
  #isStopped = false;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isStopped) this.#controller.abort();
    return this.#controller.signal;
  }

  abort(): void {
    this.#isStopped = true;
    this.#controller?.abort();
  }
}
