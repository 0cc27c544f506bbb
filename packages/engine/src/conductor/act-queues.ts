// Acts on one job are handed over one after another, in the order in which they came: the second of two that are sent at the same
// moment finds the driver that the first one started, and not a claim that is just being taken (A7, B7).

/** One queue per job. */
export class ActQueues {
  readonly #last = new Map<string, Promise<unknown>>();

  /** The answer of `work`, which begins when the work before it on that job has ended. Rejects as `work` does. */
  async run<T>(job: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(job);
    const answer = before === undefined ? work() : before.then(work);
    const ended = answer.catch(() => undefined);
    this.#last.set(job, ended);
    try {
      return await answer;
    } finally {
      if (this.#last.get(job) === ended) this.#last.delete(job);
    }
  }
}
