// Inputs and outputs of entries, and where they stand.
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import { isOver, sizeIfOver } from '../payload.ts';
import type { Entry } from './entry.ts';
import { LARGE, type StoredField, type StoredValue } from './stored-value.ts';

/** The value itself, from its entry; undefined where the entry does not have it. */
export function valueIn({ data }: Entry, field: StoredField): Json | undefined {
  return (data as { readonly [name in StoredField]?: Json } | undefined)?.[field];
}

/** The reference to a value over 8 KB of an entry; null for a smaller value. An entry on the wire has only the size of such a value. */
export function storedAt(entry: Entry, field: StoredField): StoredValue | null {
  const value = valueIn(entry, field);
  const size = sizeGiven(entry, field) ?? (value === undefined ? null : sizeIfOver(value, LARGE));
  return size === null ? null : { entry: entry.number, field, size };
}

/** The value of an entry, if the entry has all of it: an entry on the way to a reader has the small part of a large value. */
export function wholeIn(entry: Entry, field: StoredField): Json | undefined {
  return sizeGiven(entry, field) === null ? valueIn(entry, field) : undefined;
}

/** Characters of a value that was left out on the way to a reader. */
function sizeGiven(entry: Entry, field: StoredField): number | null {
  return entry.kind === 'ACT' ? null : (entry.data?.stored?.[field] ?? null);
}

/** Most characters of a field that stays with a reference, and of all such fields. */
const SMALL_FIELD = 256;
const SMALL_FIELDS = 1_024;

/** The small fields of a large value, such as a method, an id or a name: rules and labels read them without loading the value. */
export function smallPart(value: Json | undefined): JsonObject {
  const part: JsonObject = {};
  if (!isJsonObject(value)) return part;
  let size = 0;
  for (const [name, field] of Object.entries(value)) {
    if (name.length > SMALL_FIELD || isOver(field, SMALL_FIELD)) continue;
    size += name.length + JSON.stringify(field).length;
    if (size > SMALL_FIELDS) break;
    part[name] = field;
  }
  return part;
}
