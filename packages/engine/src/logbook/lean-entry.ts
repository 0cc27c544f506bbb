// An entry as it travels to a reader: of values over 8 KB only the small fields are kept, and their sizes. A page of a
// thousand entries would be a gigabyte otherwise. The logbook itself, its chain and its export keep every value whole.
import { type Json, isJsonObject } from '../json.ts';
import type { StoredField } from './stored-value.ts';
import { smallPart, storedAt } from './entry-values.ts';
import type { Entry, StoredSizes } from './entry.ts';

const FIELDS: readonly StoredField[] = ['input', 'output', 'inputs', 'outputs'];

/** The entry without its large values; the entry itself where it has none. A fold of either refers to the same places. */
export function leanEntry(entry: Entry): Entry {
  if (entry.data === undefined || entry.kind === 'ACT') return entry;
  const sizes = FIELDS.flatMap((field): [StoredField, number][] => {
    const at = isNeeded(entry, field) ? null : storedAt(entry, field);
    return at === null ? [] : [[field, at.size]];
  });
  return sizes.length === 0 ? entry : ({ ...entry, data: without(entry.data, Object.fromEntries(sizes)) } as Entry);
}

function without(data: object, stored: StoredSizes) {
  const kept = Object.entries(data).map(([field, value]) => [field, Object.hasOwn(stored, field) ? smallPart(value) : value]);
  return { ...Object.fromEntries(kept), stored };
}

/** Does a fold read this output? It reads the outputs of controls, and of those alone. */
function isNeeded(entry: Entry, field: StoredField): boolean {
  if (entry.kind !== 'ATOM' || field !== 'output') return false;
  // A gate, a list or the end of a round goes from PENDING to SUCCESS in one entry, which a task never does (states.ts).
  return entry.from === 'PENDING' || entry.data?.control === true || isOfOlderRetry(entry.data?.output);
}

/** A retry of an older version has no mark. A task whose output has just these two fields is kept whole as well. */
function isOfOlderRetry(output: Json | undefined): boolean {
  return isJsonObject(output) && Object.keys(output).join() === 'value,attempt';
}
