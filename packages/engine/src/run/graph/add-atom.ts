// How the compiler adds nodes and atoms to the graph.
import type { FlowLink, TaskItem } from '../../definition/schema.ts';
import { bindingsIn } from './definition-plan.ts';
import type { AtomParts, AtomType, CompiledAtom, CompiledFlow } from './graph.ts';
import { type AtomIndex, type ChildIndex, type ContainerIndex, type NodeIndex, atomIndex, nodeIndex } from './index-spaces.ts';
import type { Scope } from './scope.ts';

/** The container and scope of an item. */
export interface Place {
  readonly parent: ContainerIndex | null;
  readonly scope: Scope;
  /** For an item with links on failure: those links, and the item's index among the children of its graph. */
  readonly onFailure?: { readonly links: readonly FlowLink[]; readonly child: ChildIndex } | undefined;
}

type NodeShape =
  | { readonly kind: 'ATOM'; readonly atom: AtomIndex; readonly boundaryOf: null; readonly parent: ContainerIndex | null }
  | { readonly kind: 'ENTER' | 'EXIT'; readonly atom: null; readonly boundaryOf: ContainerIndex; readonly parent: ContainerIndex | null };

export function addNode(flow: CompiledFlow, shape: NodeShape): NodeIndex {
  const index = nodeIndex(flow.nodes.length);
  flow.nodes.push({ index, before: [], after: [], ...shape, undoAfter: null, undoBefore: null, dropped: false });
  return index;
}

export interface AtomShape {
  readonly address: string;
  readonly item: TaskItem;
  readonly type: AtomType | null;
  readonly place: Place;
  readonly order: number;
  readonly parts: AtomParts;
}

/** Adds an atom with its node, not yet connected. */
export function addAtom(flow: CompiledFlow, { address, item, type, place, order, parts }: AtomShape): CompiledAtom {
  const index = atomIndex(flow.atoms.length);
  const atom: CompiledAtom = {
    index,
    node: addNode(flow, { kind: 'ATOM', atom: index, boundaryOf: null, parent: place.parent }),
    address,
    item,
    bindings: bindingsIn(place.scope.plan, item.bindings),
    type,
    scope: place.scope,
    order,
    ...parts,
  };
  flow.atoms.push(atom);
  flow.atomByAddress.set(address, atom);
  return atom;
}

/** Index of an item in definition order. */
export function orderOf(scope: Scope, item: string): number {
  return scope.plan.items.get(item)?.order ?? 0;
}
