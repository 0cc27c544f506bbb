// How the compiler adds nodes and atoms to the graph.
import type { FlowLink, TaskItem } from '../../definition/schema.ts';
import { bindingsIn } from './definition-plan.ts';
import type { AtomKind, AtomType, CompiledAtom, CompiledFlow, CompiledRetry, GraphNode } from './graph.ts';
import type { Scope } from './scope.ts';

/** The container and scope of an item. */
export interface Place {
  readonly parent: number;
  readonly scope: Scope;
  /** For an item with links on failure: those links, and the item's index among the children of its graph. */
  readonly onFailure?: { readonly links: readonly FlowLink[]; readonly child: number } | undefined;
}
export function addNode(flow: CompiledFlow, kind: GraphNode['kind'], place: { atom: number; boundaryOf: number; parent: number }): number {
  flow.nodes.push({ index: flow.nodes.length, kind, before: [], after: [], ...place, undoAfter: -1, undoBefore: -1, dropped: false });
  return flow.nodes.length - 1;
}

export interface AtomShape {
  readonly kind: AtomKind;
  readonly address: string;
  readonly item: TaskItem;
  readonly type: AtomType | null;
  readonly place: Place;
  readonly order: number;
  readonly container?: number;
  readonly guard?: CompiledAtom['guard'];
  readonly retry?: CompiledRetry;
  readonly again?: CompiledAtom['again'];
  readonly stage?: string;
}

/** Adds an atom with its node, not yet connected. */
export function addAtom(flow: CompiledFlow, shape: AtomShape): CompiledAtom {
  const index = flow.atoms.length;
  const { kind, address, item, type, place, order } = shape;
  const atom: CompiledAtom = {
    index,
    node: addNode(flow, 'ATOM', { atom: index, boundaryOf: -1, parent: place.parent }),
    kind,
    address,
    item,
    bindings: bindingsIn(place.scope.plan, item.bindings),
    type,
    scope: place.scope,
    order,
    container: shape.container ?? -1,
    guard: shape.guard ?? null,
    retry: shape.retry ?? null,
    again: shape.again ?? null,
    stage: shape.stage ?? null,
  };
  flow.atoms.push(atom);
  flow.atomByAddress.set(address, atom);
  return atom;
}

/** Index of an item in definition order. */
export function orderOf(scope: Scope, item: string): number {
  return scope.plan.items.get(item)?.order ?? 0;
}
