// The numbers by which a run refers to the parts of its graph. Each belongs to one index space, and its type says to which one,
// so that the number of a node cannot be given where an atom is meant. A brand exists for the type check only.
//
// 1. Only the function that adds a part makes its index (add-atom.ts, compiler.ts). 2. No index stands for "none": that is null.
declare const space: unique symbol;
type Index<Space extends string> = number & { readonly [space]: Space };

/** A node: its position in `flow.nodes`. */
export type NodeIndex = Index<'node'>;
/** A task or control: its position in `flow.atoms` and in `run.atoms`. */
export type AtomIndex = Index<'atom'>;
/** A container: its position in `flow.containers`. */
export type ContainerIndex = Index<'container'>;
/** A child of a graph: its position among the items of that graph. */
export type ChildIndex = Index<'child'>;
/** An iteration: its position in `container.iterations`; for a loop the number of the round. */
export type Slot = Index<'slot'>;

export function nodeIndex(position: number): NodeIndex {
  return position as NodeIndex;
}
export function atomIndex(position: number): AtomIndex {
  return position as AtomIndex;
}
export function containerIndex(position: number): ContainerIndex {
  return position as ContainerIndex;
}
export function childIndex(position: number): ChildIndex {
  return position as ChildIndex;
}
export function slotOf(position: number): Slot {
  return position as Slot;
}

/** A list that only an index of its own space can index. At run time it is an array. */
export type ListBy<Key extends number, Element> = { [Index in Key]: Element } & ListMethods<Key, Element>;

interface ListMethods<Key, Element> extends Iterable<Element> {
  readonly length: number;
  push(...added: Element[]): number;
  forEach(act: (element: Element, index: Key) => void): void;
  map<Made>(make: (element: Element, index: Key) => Made): Made[];
  flatMap<Made>(make: (element: Element, index: Key) => Made | readonly Made[]): Made[];
  filter(isWanted: (element: Element, index: Key) => boolean): Element[];
  find(isWanted: (element: Element, index: Key) => boolean): Element | undefined;
  findLastIndex(isWanted: (element: Element, index: Key) => boolean): number;
  some(isSo: (element: Element, index: Key) => boolean): boolean;
  every(isSo: (element: Element, index: Key) => boolean): boolean;
  fill(element: Element): void;
  slice(from: number, to: number): Element[];
}

/** The same array, to be indexed by one space. */
export function listBy<Key extends number, Element>(elements: Element[]): ListBy<Key, Element> {
  return elements as unknown as ListBy<Key, Element>;
}

/** The element at that index; undefined where there is no index, or nothing at it. */
export function lookUp<Key extends number, Element>(list: ListBy<Key, Element>, index: Key | null | undefined): Element | undefined {
  return index === null || index === undefined ? undefined : list[index];
}
