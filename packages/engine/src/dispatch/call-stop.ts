import type { Stop } from './task-runner.ts';

/** Stops one call. Its signal is made when somebody asks for it, which most tasks never do: a controller cost 3 µs of a step. */
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
