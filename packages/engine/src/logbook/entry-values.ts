// Inputs and outputs of entries, and where they stand.
import type { Json } from '../json.ts';
import { sizeIfOver } from '../payload.ts';
import type { Entry } from './entry.ts';
import { LARGE, type StoredField, type StoredValue } from './stored-value.ts';

/** The value itself, from its entry; undefined where the entry does not have it. */
export function valueIn({ data }: Entry, field: StoredField): Json | undefined {
  return (data as { readonly [name in StoredField]?: Json } | undefined)?.[field];
}

/** Where a value of an entry stands that is over 8 KB; null for one that a run holds itself. A reader may have got the size alone. */
export function storedAt(entry: Entry, field: StoredField, value: Json | undefined): StoredValue | null {
  const size = value === undefined ? sizeGiven(entry, field) : sizeIfOver(value, LARGE);
  return size === null ? null : { entry: entry.number, field, size };
}

/** Characters of a value that was left out on the way to a reader. */
function sizeGiven(entry: Entry, field: StoredField): number | null {
  return entry.kind === 'ACT' ? null : (entry.data?.stored?.[field] ?? null);
}
