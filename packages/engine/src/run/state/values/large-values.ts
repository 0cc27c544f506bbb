// Values over 8 KB: a run holds their position in the logbook instead of the values. Entries hold them whole, so the hash
// chain covers them. Without this, a run of 600 outputs of 1 MB could be neither opened nor rolled back.
//
// 1. The references of a run depend only on the entries, so live running and replay agree (I4). 2. The cache here is
// not state: it is in no checkpoint and no snapshot, and no decision depends on it. Code that finds a value absent records
// nothing, and the value is loaded before the code runs again (decide/turn.ts, `reading`).
import type { Json } from '../../../json.ts';
import type { StoredValue } from '../../../logbook/stored-value.ts';
import { type CacheBudget, type CachedValue, OF_ALL_RUNS } from './cache-budget.ts';

/** Largest number of characters of the values that one run caches; all runs together have a budget too. */
const CACHED = 2_097_152;
/** Largest number of characters that one decision may read: the values of one atom's bindings, or of the flow's outputs. */
export const MOST_READ = 134_217_728;

/** The values of a run's references that are in memory. */
export class LargeValues {
  /** Oldest first. */
  readonly #cached = new Map<string, CachedValue & { readonly value: Json }>();
  readonly #budget: CacheBudget;
  #cachedSize = 0;
  #most = CACHED;
  /** Values loaded for the next decision, whatever their size. */
  readonly #loaded = new Map<string, Json>();
  /** Values that the present work reads. */
  readonly #reading = new Map<string, StoredValue>();
  #readSize = 0;
  #isAbsent = false;
  /** Characters of all large values in the entries folded since this run is in memory. */
  foldedSize = 0;

  constructor(budget: CacheBudget = OF_ALL_RUNS) {
    this.#budget = budget;
  }

  /** From now on every value must be loaded when it is read. For tests. */
  cacheNothing(): void {
    this.#most = 0;
    this.#trim();
  }

  /** Caches a value of an entry that was just folded. */
  put(at: StoredValue, value: Json): void {
    const key = keyOf(at);
    this.foldedSize += at.size;
    if (this.#most === 0 || this.#cached.has(key)) return;
    const cached = { value, size: at.size, drop: () => this.#forget(key) };
    this.#cached.set(key, cached);
    this.#cachedSize += at.size;
    this.#trim();
    this.#budget.add(cached);
  }

  /** Keeps a loaded value for the next work that reads it. */
  load(at: StoredValue, value: Json): void {
    this.#loaded.set(keyOf(at), value);
  }

  /** The value if it is in memory. */
  peek(at: StoredValue): Json | undefined {
    return this.#cached.get(keyOf(at))?.value ?? this.#loaded.get(keyOf(at));
  }

  /** The value; null when it must be loaded. Throws RangeError above `MOST_READ`. */
  read(at: StoredValue): Json {
    const key = keyOf(at);
    if (!this.#reading.has(key)) {
      this.#reading.set(key, at);
      this.#readSize += at.size;
    }
    if (this.#readSize > MOST_READ) {
      throw new RangeError(`it needs more than ${MOST_READ} characters of outputs at once. Bind to less, or hand on a reference instead.`);
    }
    const value = this.peek(at);
    if (value === undefined) this.#isAbsent = true;
    return value ?? null;
  }

  /** Ends the work: returns all values that it read if one of them must be loaded, else an empty list. */
  endReading(): readonly StoredValue[] {
    if (this.#reading.size === 0) return NONE;
    const wanted = this.#isAbsent ? [...this.#reading.values()] : NONE;
    this.#reading.clear();
    this.#readSize = 0;
    this.#isAbsent = false;
    this.dropLoaded();
    return wanted;
  }

  /** Drops the values that were loaded. */
  dropLoaded(): void {
    this.#loaded.clear();
  }

  /** Drops the oldest values above the size of the cache. The newest one stays, whatever its size. */
  #trim(): void {
    for (const [key, cached] of this.#cached) {
      if (this.#cachedSize <= this.#most || (this.#cached.size === 1 && this.#most > 0)) return;
      this.#budget.remove(cached);
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#cachedSize -= this.#cached.get(key)?.size ?? 0;
    this.#cached.delete(key);
  }
}

const NONE: readonly StoredValue[] = [];

function keyOf({ entry, field }: StoredValue): string {
  return `${field} ${entry}`;
}
