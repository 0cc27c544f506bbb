// Every change that people make to a drawing, as pure functions: definition in, definition out. The designer's store
// keeps the results; nothing here knows a pixel but the positions that the document itself holds.
import {
  type Binding,
  type FlowDefinition,
  type FlowItem,
  type Item,
  type Json,
  type PatternName,
  placedItems,
  type TaskDescriptor,
  type TaskItem,
} from '@windlass/engine';

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

/** A new id made of words, such as `write_file_2`: expressions name it, so it reads well. */
export function newId(definition: FlowDefinition, words: string): string {
  const base =
    words
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '') || 'item';
  const taken = new Set(placedItems(definition).map(({ item }) => item.id));
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}_${count}`;
  return id;
}

export function newTask(definition: FlowDefinition, type: TaskDescriptor): TaskItem {
  const id = newId(definition, type.title);
  return { kind: 'task', id, name: type.title, type: type.type, typeVersion: type.version, parameters: {}, bindings: {}, priority: 0 };
}

export function newFlow(definition: FlowDefinition, pattern: PatternName): FlowItem {
  const id = newId(definition, pattern);
  const name = pattern.charAt(0).toUpperCase() + pattern.slice(1);
  return { kind: 'flow', id, name, pattern, items: [], links: [] };
}

/** Where an item goes: into which container, at which place among its children. */
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

/** Removes items with what is inside them, and every link and binding that named them. */
export function removeItems(definition: FlowDefinition, ids: ReadonlySet<string>): FlowDefinition {
  const gone = new Set(
    placedItems(definition).flatMap(({ item, within }) => (ids.has(item.id) || within.some(({ id }) => ids.has(id)) ? [item.id] : [])),
  );
  gone.delete(definition.root.id);
  const keep = (flow: FlowItem): FlowItem => ({
    ...flow,
    links: flow.links.filter(({ id, from, to }) => !ids.has(id) && !gone.has(from) && !gone.has(to)),
    items: flow.items
      .filter(({ id }) => !gone.has(id))
      .map((item) => {
        if (item.kind === 'flow') return keep(item);
        const kept = Object.entries(item.bindings).filter(([, binding]) => !(binding.from === 'output' && gone.has(binding.item)));
        return kept.length === Object.keys(item.bindings).length ? item : { ...item, bindings: Object.fromEntries(kept) };
      }),
  });
  return { ...definition, root: keep(definition.root) };
}

/** Moves an item to another place; into itself or its own inside it does not go. */
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

/** What drawing a link between two items does. */
export type Connection =
  | { readonly kind: 'linked'; readonly definition: FlowDefinition }
  | { readonly kind: 'refused'; readonly why: string };

/** Links two items; where they stand in different containers, the containers of their nearest common graph. */
export function connect(definition: FlowDefinition, from: string, to: string): Connection {
  const placed = new Map(placedItems(definition).map((one) => [one.item.id, one]));
  const source = placed.get(from);
  const target = placed.get(to);
  if (source === undefined || target === undefined) return { kind: 'refused', why: 'One end of the link is not there any more.' };
  const sourcePath = [...source.within, source.item];
  const targetPath = [...target.within, target.item];
  let depth = 0;
  while (sourcePath[depth] !== undefined && sourcePath[depth] === targetPath[depth]) depth += 1;
  const container = sourcePath[depth - 1];
  const first = sourcePath[depth];
  const second = targetPath[depth];
  if (container?.kind !== 'flow' || first === undefined || second === undefined)
    return { kind: 'refused', why: 'An item cannot come before itself.' };
  if (container.pattern === 'linear')
    return { kind: 'refused', why: `“${container.name}” is linear: the order is the place. Drag a task to where it belongs.` };
  if (container.pattern === 'unordered')
    return { kind: 'refused', why: `“${container.name}” is unordered: its items run side by side. Make it a graph to order them.` };
  if (container.links.some((link) => link.from === first.id && link.to === second.id))
    return { kind: 'refused', why: 'This link is there already.' };
  const id = newLinkId(definition, first.id, second.id);
  return {
    kind: 'linked',
    definition: updateFlow(definition, container.id, (flow) => ({
      ...flow,
      links: [...flow.links, { id, from: first.id, to: second.id }],
    })),
  };
}

function newLinkId(definition: FlowDefinition, from: string, to: string): string {
  const taken = new Set(placedItems(definition).flatMap(({ item }) => (item.kind === 'flow' ? item.links.map(({ id }) => id) : [])));
  const base = `${from}_to_${to}`.slice(0, 58);
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}_${count}`;
  return id;
}

/** Gives an input a constant value; undefined takes it away. Either unbinds it. */
export function setParameter(
  definition: FlowDefinition,
  id: string,
  { field, value }: { field: string; value: Json | undefined },
): FlowDefinition {
  return updateTask(definition, id, (task) => {
    const { [field]: _old, ...parameters } = task.parameters;
    const { [field]: _binding, ...bindings } = task.bindings;
    return { ...task, bindings, parameters: value === undefined ? parameters : { ...parameters, [field]: value } };
  });
}

/** Binds an input, or unbinds it. */
export function bind(
  definition: FlowDefinition,
  id: string,
  { field, binding }: { field: string; binding: Binding | undefined },
): FlowDefinition {
  return updateTask(definition, id, (task) => {
    const { [field]: _binding, ...bindings } = task.bindings;
    const { [field]: _old, ...parameters } = task.parameters;
    return binding === undefined ? { ...task, bindings } : { ...task, parameters, bindings: { ...bindings, [field]: binding } };
  });
}

function withPosition(item: Item, position: { readonly x: number; readonly y: number } | undefined): Item {
  const { position: _old, ...rest } = item;
  return position === undefined ? (rest as Item) : { ...rest, position: { x: Math.round(position.x), y: Math.round(position.y) } };
}
