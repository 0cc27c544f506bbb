// Values over 8 KB: a run holds where they stand in the logbook, and not the values. Entries keep them whole, so the hash
// chain covers them. Without this, a run of 600 outputs of 1 MB could be neither opened nor rolled back.
//
// 1. What a run refers to depends on the entries alone, so live running and replay agree (I4). 2. What is cached here is
// no state: it is in no checkpoint and no snapshot, and no decision depends on it. Code that finds a value absent records
// nothing, and the value is loaded before it is asked again (decide/turn.ts, `reading`).
import type { Json } from '../../json.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';

/** Most characters of the values that a run caches. */
const CACHED = 2_097_152;
/** Most characters of the values that one decision may read: those of one atom's bindings, or of the flow's outputs. */
export const MOST_READ = 134_217_728;

/** The values that a run refers to and that are in memory. */
export class LargeValues {
  /** Oldest first. */
  readonly #cached = new Map<string, { readonly value: Json; readonly size: number }>();
  #cachedSize = 0;
  #most = CACHED;
  /** Loaded for the next decision, whatever their size. */
  readonly #loaded = new Map<string, Json>();
  /** What the present work reads. */
  readonly #reading = new Map<string, StoredValue>();
  #readSize = 0;
  #isAbsent = false;
  /** Characters of all values that entries have brought, for as long as this run is in memory. */
  brought = 0;

  /** From now on every value has to be loaded when it is read. For tests. */
  cacheNothing(): void {
    this.#most = 0;
    this.#trim();
  }

  /** Caches a value that an entry has just brought. */
  put(at: StoredValue, value: Json): void {
    const key = keyOf(at);
    this.brought += at.size;
    if (this.#most === 0 || this.#cached.has(key)) return;
    this.#cached.set(key, { value, size: at.size });
    this.#cachedSize += at.size;
    this.#trim();
  }

  /** Keeps a value for the next work that reads it. */
  load(at: StoredValue, value: Json): void {
    this.#loaded.set(keyOf(at), value);
  }

  /** The value if it is in memory. */
  peek(at: StoredValue): Json | undefined {
    return this.#cached.get(keyOf(at))?.value ?? this.#loaded.get(keyOf(at));
  }

  /** The value; null where it has to be loaded. Throws RangeError beyond `MOST_READ`. */
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

  /** Ends the work: everything that it read if something of that has to be loaded, else nothing. */
  endReading(): readonly StoredValue[] {
    if (this.#reading.size === 0) return NONE;
    const wanted = this.#isAbsent ? [...this.#reading.values()] : NONE;
    this.#reading.clear();
    this.#readSize = 0;
    this.#isAbsent = false;
    this.dropLoaded();
    return wanted;
  }

  /** Nothing that was loaded is read any more. */
  dropLoaded(): void {
    this.#loaded.clear();
  }

  /** Drops the oldest values beyond the size of the cache. The newest one stays, whatever its size. */
  #trim(): void {
    for (const [key, { size }] of this.#cached) {
      if (this.#cachedSize <= this.#most || (this.#cached.size === 1 && this.#most > 0)) return;
      this.#cached.delete(key);
      this.#cachedSize -= size;
    }
  }
}

const NONE: readonly StoredValue[] = [];

function keyOf({ entry, field }: StoredValue): string {
  return `${field} ${entry}`;
}
