// Every change that people make to a drawing, as pure functions: definition in, definition out. The designer's store
// keeps the results; nothing here knows a pixel but the positions that the document itself holds.
import {
  type Binding,
  type FlowDefinition,
  type FlowItem,
  type Item,
  placedItems,
  type TaskItem,
  type Json,
  type TaskDescriptor,
} from '@windlass/engine/definition';
import { keptBindings, unbound, withBinding, withParameter } from './wiring.ts';

/** Applies `change` to the item of that id; the rest is shared. */
export function updateItem(definition: FlowDefinition, id: string, change: (item: Item) => Item): FlowDefinition {
  const visit = (item: Item): Item => {
    if (item.id === id) return change(item);
    if (item.kind !== 'flow') return item;
    const items = item.items.map(visit);
    return items.every((child, index) => child === item.items[index]) ? item : { ...item, items };
  };
  const root = visit(definition.root);
  return root === definition.root || root.kind !== 'flow' ? definition : { ...definition, root };
}

export function updateTask(definition: FlowDefinition, id: string, change: (task: TaskItem) => TaskItem): FlowDefinition {
  return updateItem(definition, id, (item) => (item.kind === 'task' ? change(item) : item));
}

export function updateFlow(definition: FlowDefinition, id: string, change: (flow: FlowItem) => FlowItem): FlowDefinition {
  return updateItem(definition, id, (item) => (item.kind === 'flow' ? change(item) : item));
}

/** The item of that id. */
export function itemOf(definition: FlowDefinition, id: string): Item | undefined {
  return placedItems(definition).find(({ item }) => item.id === id)?.item;
}

/** The container that directly holds an item; undefined for the root. */
export function containerOf(definition: FlowDefinition, id: string): FlowItem | undefined {
  return placedItems(definition)
    .find(({ item }) => item.id === id)
    ?.within.at(-1);
}

/** Every id in the definition: items, their retries, the reverts of containers. */
export function takenIds(definition: FlowDefinition): Set<string> {
  return new Set(placedItems(definition).flatMap(({ item }) => idsOf(item)));
}

function idsOf(item: Item): string[] {
  return [
    item.id,
    ...(item.retry === undefined ? [] : [item.retry.id]),
    ...(item.kind === 'flow' && item.revert?.mode === 'task' ? [item.revert.id] : []),
  ];
}

/** A new readable id, such as `write_file_2`, because expressions use it. */
export function newId(definition: FlowDefinition, words: string): string {
  const base =
    words
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '') || 'item';
  const taken = takenIds(definition);
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}_${count}`;
  return id;
}

export function newTask(definition: FlowDefinition, type: TaskDescriptor): TaskItem {
  const id = newId(definition, type.title);
  return { kind: 'task', id, name: type.title, type: type.type, typeVersion: type.version, parameters: {}, bindings: {}, priority: 0 };
}

/** A container, and a position among its children. */
export interface Place {
  readonly container: string;
  /** Absent: at the end. */
  readonly index?: number;
  /** For a graph. */
  readonly position?: { readonly x: number; readonly y: number };
}

export function addItem(definition: FlowDefinition, item: Item, place: Place): FlowDefinition {
  return updateFlow(definition, place.container, (flow) => {
    const items = [...flow.items];
    const placed = withPosition(item, flow.pattern === 'graph' ? place.position : undefined);
    items.splice(place.index ?? items.length, 0, placed);
    return { ...flow, items };
  });
}

/** Removes items with the items inside them, and every link and binding that named them. */
export function removeItems(definition: FlowDefinition, ids: ReadonlySet<string>): FlowDefinition {
  const gone = new Set<string>();
  for (const { item, within } of placedItems(definition)) {
    if (item.id === definition.root.id || !(ids.has(item.id) || within.some(({ id }) => ids.has(id) && id !== definition.root.id)))
      continue;
    for (const id of idsOf(item)) gone.add(id);
  }
  const keep = (flow: FlowItem): FlowItem => ({
    ...unbound(flow, gone),
    links: flow.links.filter(({ id, from, to }) => !ids.has(id) && !gone.has(from) && !gone.has(to)),
    items: flow.items.filter(({ id }) => !gone.has(id)).map((item) => (item.kind === 'flow' ? keep(item) : unbound(item, gone))),
  });
  return { ...definition, outputs: keptBindings(definition.outputs, gone), root: keep(definition.root) };
}

/** Moves an item to another place; does nothing when that place is inside the item. */
export function moveItem(definition: FlowDefinition, id: string, place: Place): FlowDefinition {
  const item = itemOf(definition, id);
  const from = containerOf(definition, id);
  if (item === undefined || from === undefined || place.container === id) return definition;
  const target = placedItems(definition).find((one) => one.item.id === place.container);
  if (target === undefined || target.within.some((one) => one.id === id)) return definition;
  const at = from.items.indexOf(item);
  const without = updateFlow(definition, from.id, (flow) => ({
    ...flow,
    items: flow.items.filter((child) => child.id !== id),
    links: from.id === place.container ? flow.links : flow.links.filter((link) => link.from !== id && link.to !== id),
  }));
  const { index } = place;
  const shifted = index !== undefined && from.id === place.container && at < index ? index - 1 : index;
  return addItem(without, item, { ...place, ...(shifted === undefined ? {} : { index: shifted }) });
}

/** Gives an input of a task or subflow a constant value, or removes it with undefined. Both remove its binding. */
export function setParameter(
  definition: FlowDefinition,
  id: string,
  { field, value }: { field: string; value: Json | undefined },
): FlowDefinition {
  return updateItem(definition, id, (item) => (item.kind === 'flow' ? item : { ...item, ...withParameter(item, field, value) }));
}

/** Binds an input of a task or subflow, or unbinds it. */
export function bind(
  definition: FlowDefinition,
  id: string,
  { field, binding }: { field: string; binding: Binding | undefined },
): FlowDefinition {
  return updateItem(definition, id, (item) => (item.kind === 'flow' ? item : { ...item, ...withBinding(item, field, binding) }));
}

function withPosition(item: Item, position: { readonly x: number; readonly y: number } | undefined): Item {
  const { position: _old, ...rest } = item;
  return position === undefined ? (rest as Item) : { ...rest, position: { x: Math.round(position.x), y: Math.round(position.y) } };
}
