// Loads values that a run refers to from the entries that have them.
import type { CallOrder } from '../dispatch/call-order.ts';
import { absentFrom, wholeCall } from '../dispatch/call-order.ts';
import type { TaskCall } from '../dispatch/task-runner.ts';
import { EngineError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import { valueIn } from '../logbook/entry-values.ts';

type Logbook = Pick<LogbookStore, 'read'>;

/** The value, whole. Throws JOB_UNKNOWN, LOGBOOK_BROKEN where the entry does not have it, and what the store throws. */
export async function loadValue(logbook: Logbook, job: string, at: StoredValue): Promise<Json> {
  const [entry] = await logbook.read(job, { after: at.entry - 1, limit: 1 });
  const value = entry?.number === at.entry ? valueIn(entry, at.field) : undefined;
  if (value === undefined) throw new EngineError('LOGBOOK_BROKEN', `Entry ${at.entry} of ${job} has no ${at.field}.`);
  return value;
}

/** The call with all its values, those over 8 KB loaded. Throws as `loadValue`. */
export async function loadCall(logbook: Logbook, job: string, order: CallOrder): Promise<Omit<TaskCall, 'job' | 'idempotencyKey'>> {
  const loaded = new Map<StoredValue, Json>();
  for (const at of absentFrom(order)) loaded.set(at, await loadValue(logbook, job, at));
  return wholeCall(order, (at) => loaded.get(at));
}
