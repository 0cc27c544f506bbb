// The differences between two versions of a flow. Pure.
// 1. Items with the same id are the same item; ids are never reused.
// 2. The position of an item on the canvas is not a difference, because it does not change how the flow runs.
// 3. A container differs in its own fields, its links and the order of the children that both versions have; an added or
//    removed child is listed as an item of its own.
import type { Json } from '../json.ts';
import type { FlowDefinition, FlowItem, FlowLink, Item } from './schema.ts';
import { placedItems } from './tree.ts';

/** One field with its value in both versions; undefined in a version without the field. */
export interface FieldChange {
  /** `type`, `parameters.path`, `link a → b`. */
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}
export interface ItemName {
  readonly item: string;
  readonly name: string;
}
/** Items in definition order: removed items in the order of the older version, all others in the order of the newer one. */
export interface DefinitionDiff {
  readonly added: readonly ItemName[];
  readonly removed: readonly ItemName[];
  readonly changed: readonly (ItemName & { readonly fields: readonly FieldChange[] })[];
  /** Changes of the flow itself: its name, inputs, outputs and its policy on failure. */
  readonly flow: readonly FieldChange[];
}

const OPENED = new Set(['parameters', 'bindings']);
const LEFT_OUT = new Set(['id', 'items', 'links', 'position']);

/** Compares an older version with a newer one. */
export function diffDefinitions(before: FlowDefinition, after: FlowDefinition): DefinitionDiff {
  const older = new Map(placedItems(before).map((placed) => [placed.item.id, placed]));
  const newer = new Map(placedItems(after).map((placed) => [placed.item.id, placed]));
  const nameOf = ({ item }: { readonly item: Item }): ItemName => ({ item: item.id, name: item.name });
  const changed: (ItemName & { fields: FieldChange[] })[] = [];
  for (const [id, placed] of newer) {
    const former = older.get(id);
    if (former === undefined) continue;
    const fields = fieldsOf(former.item, placed.item);
    const [from, to] = [former.within.at(-1)?.id, placed.within.at(-1)?.id];
    if (from !== to) fields.push({ field: 'stands in', before: from, after: to });
    if (fields.length > 0) changed.push({ ...nameOf(placed), fields });
  }
  const { root: _before, ...flowBefore } = before;
  const { root: _after, ...flowAfter } = after;
  return {
    added: [...newer.values()].filter(({ item }) => !older.has(item.id)).map(nameOf),
    removed: [...older.values()].filter(({ item }) => !newer.has(item.id)).map(nameOf),
    changed,
    flow: changesOf(flat(flowBefore), flat(flowAfter)),
  };
}

function fieldsOf(before: Item, after: Item): FieldChange[] {
  const fields = changesOf(flat(before), flat(after));
  if (before.kind !== 'flow' || after.kind !== 'flow') return fields;
  return [...fields, ...orderChange(before, after), ...linkChanges(before.links, after.links)];
}

/** Fields by name; each constant and each binding is a field of its own. */
function flat(record: object): Map<string, Json> {
  const fields = new Map<string, Json>();
  for (const [key, value] of Object.entries(record)) {
    if (LEFT_OUT.has(key) || value === undefined) continue;
    if (!OPENED.has(key)) fields.set(key, value);
    else for (const [name, one] of Object.entries(value)) if (one !== undefined) fields.set(`${key}.${name}`, toJson(one));
  }
  return fields;
}

function changesOf(before: ReadonlyMap<string, Json>, after: ReadonlyMap<string, Json>): FieldChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map((field) => ({ field, before: before.get(field), after: after.get(field) }))
    .filter((change) => !isSame(change.before, change.after));
}

function orderChange(before: FlowItem, after: FlowItem): FieldChange[] {
  const ids = ({ items }: FlowItem, other: FlowItem) =>
    items.filter(({ id }) => other.items.some((one) => one.id === id)).map(({ id }) => id);
  const change = { field: 'order of its items', before: ids(before, after), after: ids(after, before) };
  return isSame(change.before, change.after) ? [] : [change];
}

function linkChanges(before: readonly FlowLink[], after: readonly FlowLink[]): FieldChange[] {
  const words = (links: readonly FlowLink[]) =>
    new Map<string, Json>(links.map(({ id: _id, from, to, ...rest }) => [`link ${from} → ${to}`, toJson(rest)]));
  return changesOf(words(before), words(after));
}

/** Are the values equal, whatever the order of their keys? */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** A part of a definition as JSON, without the fields that are undefined. */
function toJson(part: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(part));
  return parsed;
}
