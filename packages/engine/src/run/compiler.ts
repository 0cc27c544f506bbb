// Definition -> graph. Expects a definition without errors (definition/validate.ts); a cycle is found there.
import { defaultsOf, effectsOf } from '../effects.ts';
import { parseExpression } from '../definition/expression.ts';
import type { Binding, FlowDefinition, FlowItem, Item, TaskItem } from '../definition/schema.ts';
import { orderingsOf } from '../definition/tree.ts';
import type { ChildOrder } from '../patterns/pattern.ts';
import type { TaskCatalog, TaskDescriptor } from '../task.ts';
import type { AtomType, CompiledAtom, CompiledBinding, CompiledContainer, CompiledFlow, GraphNode } from './graph.ts';

/** How the compiler learns what a task type is; null for one that is not known here. */
export type TypeLookup = (item: TaskItem) => AtomType | null;

/** Compiles a definition. O(items + links). */
export function compileFlow(definition: FlowDefinition, typeOf: TypeLookup): CompiledFlow {
  const nodes: GraphNode[] = [];
  const atoms: CompiledAtom[] = [];
  const containers: CompiledContainer[] = [];
  const orderings = orderingsOf(definition);

  const addNode = (kind: GraphNode['kind'], place: { atom: number; door: number; parent: number }): number => {
    nodes.push({ index: nodes.length, kind, before: [], after: [], ...place });
    return nodes.length - 1;
  };
  const connect = (before: number, after: number): void => {
    nodes[before]?.after.push(after);
    nodes[after]?.before.push(before);
  };
  const addItem = (item: Item, parent: number): readonly [enter: number, exit: number] =>
    item.kind === 'flow' ? addFlow(item, parent) : addTask(item as TaskItem, parent);

  const addTask = (item: TaskItem, parent: number): readonly [number, number] => {
    const index = atoms.length;
    const node = addNode('ATOM', { atom: index, door: -1, parent });
    atoms.push({ index, node, address: item.id, item, bindings: compileBindings(item.bindings), type: typeOf(item) });
    return [node, node];
  };

  const addFlow = (item: FlowItem, parent: number): readonly [number, number] => {
    const index = containers.length;
    const enter = addNode('ENTER', { atom: -1, door: index, parent });
    containers.push({ index, item, enter, exit: -1, limit: item.limit ?? 0 });
    const doors = item.items.map((child) => addItem(child, index));
    const exit = addNode('EXIT', { atom: -1, door: index, parent });
    containers[index] = { index, item, enter, exit, limit: item.limit ?? 0 };
    joinChildren(doors, orderings.get(item) ?? [], { enter, exit, connect });
    return [enter, exit];
  };

  addFlow(definition.root, -1);
  return {
    definition,
    nodes,
    atoms,
    containers,
    atomByAddress: new Map(atoms.map((atom) => [atom.address, atom])),
    containerById: new Map(containers.map((container) => [container.item.id, container])),
    outputs: compileBindings(definition.outputs),
  };
}

function joinChildren(
  doors: readonly (readonly [number, number])[],
  orders: readonly ChildOrder[],
  { enter, exit, connect }: { enter: number; exit: number; connect: (before: number, after: number) => void },
): void {
  const hasBefore = new Set<number>();
  const hasAfter = new Set<number>();
  const seen = new Set<string>();
  for (const [before, after] of orders) {
    const key = `${before}>${after}`;
    const from = doors[before];
    const to = doors[after];
    if (seen.has(key) || from === undefined || to === undefined) continue;
    seen.add(key);
    connect(from[1], to[0]);
    hasAfter.add(before);
    hasBefore.add(after);
  }
  doors.forEach(([first, last], index) => {
    if (!hasBefore.has(index)) connect(enter, first);
    if (!hasAfter.has(index)) connect(last, exit);
  });
  if (doors.length === 0) connect(enter, exit);
}

function compileBindings(bindings: { readonly [name: string]: Binding }): CompiledBinding[] {
  return Object.entries(bindings).map(([name, binding]) => ({
    name,
    binding,
    expression: binding.from === 'expression' ? parseExpression(binding.cel) : null,
  }));
}

/** Types from a catalog, with schemas: for running. */
export function typesFromCatalog(catalog: TaskCatalog<never>): TypeLookup {
  return (item) => {
    const type = catalog.find(item.type, item.typeVersion);
    if (type === undefined) return null;
    return {
      effects: effectsOf(type.effects, { ...type.defaults, ...item.parameters }, new Set(Object.keys(item.bindings))),
      defaults: type.defaults,
      hasRevert: type.revert !== undefined,
      hasProbe: type.probe !== undefined,
      repeatable: type.repeatable,
      input: type.input,
      output: type.output,
    };
  };
}

/** Types from descriptors, without schemas: for replaying and planning where the code is not, as in a browser. */
export function typesFromDescriptors(find: (type: string, version: number) => TaskDescriptor | undefined): TypeLookup {
  return (item) => {
    const type = find(item.type, item.typeVersion);
    if (type === undefined) return null;
    return {
      effects: effectsOf(type.effects, { ...defaultsOf(type.input), ...item.parameters }, new Set(Object.keys(item.bindings))),
      defaults: {},
      hasRevert: type.hasRevert,
      hasProbe: false,
      repeatable: false,
      input: null,
      output: null,
    };
  };
}
