// Caches the answers of slow queries for a time that grows with the duration of the query, so that a list that follows
// every change does not load the server with counting. Quick answers are not cached. Screens ask again from time to
// time, because the last change may have come while an older answer was cached.

/** Answers of quicker queries are not cached. */
const QUICK_MS = 30;
/** An answer is cached for this many times the duration of its query. */
const TIMES = 20;
const LONGEST_MS = 4_000;
const MOST_KEPT = 100;

export class CostlyAnswers<Answer> {
  readonly #kept = new Map<string, { readonly answer: Promise<Answer>; until: number }>();
  readonly #now: () => number;

  /** `now` gives milliseconds that never go back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#now() < kept.until) return kept.answer;
    const began = this.#now();
    const asked = { answer: ask(), until: 0 };
    this.#kept.delete(key);
    this.#kept.set(key, asked);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    const settle = () => {
      const took = this.#now() - began;
      if (took < QUICK_MS) this.#forget(key, asked);
      else asked.until = this.#now() + Math.min(LONGEST_MS, TIMES * took);
    };
    asked.answer.then(settle, () => this.#forget(key, asked));
    return asked.answer;
  }

  #forget(key: string, asked: unknown): void {
    if (this.#kept.get(key) === asked) this.#kept.delete(key);
  }
}
