// Follows a logbook by number (SEMANTICS L4).
//
// 1. The store is listened to before it is first read, so nothing falls between the two.
// 2. What is sent always begins with the number after the last one sent: no gap, no duplicate.
// 3. What one slow reader makes the server hold is bounded: beyond `held` entries they are let go of, and the
//    reader is served from the store again.
import type { Entry, LogbookStore } from '@windlass/engine';

/** Most entries in one message. */
const MOST_ENTRIES = 500;

export interface FollowOrder {
  readonly logbook: Pick<LogbookStore, 'read' | 'follow'>;
  readonly job: string;
  /** Number of the last entry that the reader has; 0 for none. */
  readonly after: number;
  readonly signal: AbortSignal;
  readonly held: number;
  /** Least time between two batches; what arrives meanwhile goes together. */
  readonly everyMs: number;
}

/** Batches of entries in order, until the signal fires. Throws JOB_UNKNOWN. */
export async function* followEntries({ logbook, job, after, signal, held, everyMs }: FollowOrder): AsyncGenerator<readonly Entry[], void> {
  const live = new LiveEntries(held);
  const stop = logbook.follow(job, (entries) => live.push(entries));
  const wake = () => live.wake();
  signal.addEventListener('abort', wake, { once: true });
  let last = after;
  try {
    while (!signal.aborted) {
      for (let size = MOST_ENTRIES; size === MOST_ENTRIES && !signal.aborted; ) {
        const page = await logbook.read(job, { after: last, limit: MOST_ENTRIES });
        size = page.length;
        last = page.at(-1)?.number ?? last;
        if (size > 0) yield page;
      }
      while (!signal.aborted) {
        await live.arrival();
        const fresh = live.takeAfter(last, MOST_ENTRIES);
        if (fresh === 'read-again') break;
        last = fresh.at(-1)?.number ?? last;
        if (fresh.length === 0) continue;
        yield fresh;
        await pause(everyMs, signal);
      }
    }
  } finally {
    stop();
    signal.removeEventListener('abort', wake);
  }
}

class LiveEntries {
  readonly #held: number;
  #entries: Entry[] = [];
  #overflowed = false;
  #wake: (() => void) | null = null;

  constructor(held: number) {
    this.#held = held;
  }

  push(entries: readonly Entry[]): void {
    if (this.#entries.length + entries.length > this.#held) {
      this.#overflowed = true;
      this.#entries = [];
    } else if (!this.#overflowed) {
      this.#entries.push(...entries);
    }
    this.wake();
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  async arrival(): Promise<void> {
    if (this.#entries.length > 0 || this.#overflowed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** What follows `last`, or the word that only the store has it all. */
  takeAfter(last: number, most: number): readonly Entry[] | 'read-again' {
    const fresh = this.#entries.filter(({ number }) => number > last);
    const first = fresh[0]?.number;
    if (this.#overflowed || (first !== undefined && first !== last + 1)) {
      this.#overflowed = false;
      this.#entries = [];
      return 'read-again';
    }
    this.#entries = fresh.slice(most);
    return fresh.slice(0, most);
  }
}

/** Waits, but not beyond the end. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms === 0) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
