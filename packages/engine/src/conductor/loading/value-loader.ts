// Loads values that runs refer to from the entries that have them.
import { type CallOrder, absentFrom, wholeCall } from '../../dispatch/call-order.ts';
import type { TaskCall } from '../../dispatch/task-runner.ts';
import { EngineError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import { Semaphore } from '../../semaphore.ts';
import { valueIn } from '../../logbook/entry-values.ts';
import type { LogbookStore } from '../../logbook/logbook-store.ts';
import type { StoredValue } from '../../logbook/stored-value.ts';

export interface LoadedValue {
  readonly at: StoredValue;
  readonly value: Json;
}

export class ValueLoader {
  readonly #logbook: Pick<LogbookStore, 'read'>;
  readonly #permits = new Semaphore(1);
  /** A decision may read 128 MB, so only one has its values loaded at a time. */
  readonly #decisions = new Semaphore(1);

  constructor(logbook: Pick<LogbookStore, 'read'>) {
    this.#logbook = logbook;
  }

  /**
   * The whole value. Loads one after another, because an entry is read with all entries of its commit, and hundreds of calls may
   * ask at once. Throws JOB_UNKNOWN, VALUE_UNKNOWN when the entry does not have the value, and what the store throws.
   */
  load(job: string, at: StoredValue): Promise<Json> {
    return this.#permits.run(() => this.#read(job, at));
  }

  /** Loads all values of one decision and uses them, after those of the decisions before it are used. Throws like `load`. */
  together(job: string, wanted: readonly StoredValue[], use: (loaded: readonly LoadedValue[]) => void): Promise<void> {
    return this.#decisions.run(async () => {
      const loaded: LoadedValue[] = [];
      for (const at of wanted) loaded.push({ at, value: await this.load(job, at) });
      use(loaded);
    });
  }

  /** The call with all its values, those over 8 KB loaded. Throws like `load`. */
  async whole(job: string, order: CallOrder): Promise<Omit<TaskCall, 'job' | 'idempotencyKey'>> {
    const loaded = new Map<StoredValue, Json>();
    for (const at of absentFrom(order)) loaded.set(at, await this.load(job, at));
    return wholeCall(order, (at) => loaded.get(at));
  }

  async #read(job: string, at: StoredValue): Promise<Json> {
    const [entry] = await this.#logbook.read(job, { after: at.entry - 1, limit: 1 });
    const value = entry?.number === at.entry ? valueIn(entry, at.field) : undefined;
    if (value === undefined) throw new EngineError('VALUE_UNKNOWN', `Entry ${at.entry} of ${job} has no ${at.field}.`);
    return value;
  }
}
