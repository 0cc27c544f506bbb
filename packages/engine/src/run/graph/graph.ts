// The compiled form of a definition: a directed graph of atoms and of the entrances and exits of containers, by index.
// An item after a container depends on the container's exit; an item inside depends on its entrance. So an ordering between
// containers of n and m items costs one edge instead of n times m, and the whole graph is O(items + links).
//
// All runs of a version share its compiled flow. A run whose for-each or loop grows gets its own copy (expand.ts). That copy
// only grows, and an index never changes.
import type { z } from 'zod';
import type { Effects } from '../../task/effects.ts';
import type { Expression } from '../../definition/expression.ts';
import type { DeciderDepth, FlowDefinition, FlowItem, RetryPolicy, TaskItem } from '../../definition/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { Repeatable } from '../../task/repeatable.ts';
import type { Waits } from '../../task/wait.ts';
import type { CompiledBinding } from './compiled-binding.ts';
import {
  type AtomIndex,
  type ChildIndex,
  type ContainerIndex,
  type ListBy,
  type NodeIndex,
  type Slot,
  containerIndex,
  lookUp,
} from './index-spaces.ts';
import type { Scope } from './scope.ts';

/** A node: an atom, or the entrance or exit of a container. */
export type GraphNode = NodeLinks & (NodeOfAtom | Boundary);

interface NodeOfAtom {
  readonly kind: 'ATOM';
  readonly atom: AtomIndex;
  readonly boundaryOf: null;
}

/** The entrance or exit of a container. */
interface Boundary {
  readonly kind: 'ENTER' | 'EXIT';
  readonly atom: null;
  readonly boundaryOf: ContainerIndex;
}

export interface NodeLinks {
  readonly index: NodeIndex;
  readonly before: NodeIndex[];
  readonly after: NodeIndex[];
  /** The container that this node is a direct child of; null for the root's entrance and exit. */
  readonly parent: ContainerIndex | null;
  /**
   * Orderings of reverts only, between iterations that may have run together: the entrance of the next iteration and the exit
   * of the previous one; null where there is none.
   */
  undoAfter: NodeIndex | null;
  undoBefore: NodeIndex | null;
  /** The node is the entrance or exit of a dropped iteration, or ends a dropped round; going forward skips it. */
  dropped: boolean;
}

/** The part of a task type that a run uses. */
export interface AtomType {
  readonly effects: Effects;
  readonly defaults: JsonObject;
  readonly hasRevert: boolean;
  readonly hasProbe: boolean;
  readonly hasProbeRevert: boolean;
  readonly hasCheck: boolean;
  readonly mayEditOutput: boolean;
  readonly repeatable: Repeatable;
  readonly revertRepeatable: Repeatable;
  /** Identity of its code; null when unknown (R6). */
  readonly code: string | null;
  /** Set for a type that waits; such a type is never applied. */
  readonly waits: Waits | null;
  /** Stages of a resource, in order; null for an ordinary task (Z1). */
  readonly stages: readonly string[] | null;
  /** True for a resource that one destroy undoes, instead of stage by stage. */
  readonly destroys: boolean;
  readonly label: ((held: JsonObject, input: JsonObject) => string) | null;
  /** Null when the type comes from a descriptor, as in a browser, where a run is only replayed. */
  readonly input: z.ZodType | null;
  readonly output: z.ZodType | null;
}

/**
 * `task`: a task of the definition. `stage`: one stage of a resource. The others are controls, which the core evaluates itself:
 * `retry` begins a container; `gate` precedes an item with deciders; `each` evaluates the list of a for-each; `round` ends a
 * round of a loop; `undo` is a container's own revert; `catch` ends an item with links on failure.
 */
export type AtomKind = 'task' | 'stage' | 'retry' | 'gate' | 'each' | 'round' | 'undo' | 'catch';

/** A link to a guarded item. */
export interface GuardLink {
  readonly id: string;
  readonly from: string;
  /** Last node of the link's source item. */
  readonly source: NodeIndex;
  readonly decider: Expression | null;
  readonly depth: DeciderDepth;
  /** A link on failure: satisfied when a failure of its source was caught by a link to the guarded item (P11). */
  readonly onFailure: boolean;
  readonly to: string;
}

/** The data of a gate's decision. `first` and `last` are nodes of the guarded item. */
export interface Guard {
  /** The gate is evaluated each time that one of its links is complete. */
  readonly any: boolean;
  /** One satisfied link is enough. */
  readonly needsOne: boolean;
  readonly links: readonly GuardLink[];
  /** Nodes that must have finished besides: items whose outputs the guarded item uses. */
  readonly needs: readonly NodeIndex[];
  readonly first: NodeIndex;
  readonly last: NodeIndex;
  /** The guarded item among the children of its graph. */
  readonly child: ChildIndex;
}

/** A task or a control of the graph. */
export type CompiledAtom = AtomFacts & AtomParts;

/** The atom of one kind. */
export type AtomOf<Kind extends AtomKind> = Extract<CompiledAtom, { readonly kind: Kind }>;

/** The parts that only atoms of some kinds have: every atom has all the fields, so that all atoms have one shape in memory. */
export const NO_PARTS = { container: null, guard: null, retry: null, again: null, stage: null } as const;

type Parts<Kind extends AtomKind, Own> = { readonly kind: Kind } & Readonly<Own & Omit<typeof NO_PARTS, keyof Own>>;

export type AtomParts =
  | Parts<'task', object>
  /** `container`: shared by the stages of its resource. `stage`: its name. */
  | Parts<'stage', { container: ContainerIndex; stage: string }>
  | Parts<'gate', { guard: Guard }>
  /** `container`: the one that the control belongs to. */
  | Parts<'retry', { container: ContainerIndex; retry: CompiledRetry }>
  | Parts<'each', { container: ContainerIndex }>
  | Parts<'undo', { container: ContainerIndex }>
  | Parts<'catch', { container: ContainerIndex }>
  /** `again`: the condition for another round. `scope` is that of its iteration. */
  | Parts<'round', { container: ContainerIndex; again: Expression | null }>;

interface AtomFacts {
  readonly index: AtomIndex;
  readonly node: NodeIndex;
  /** The item's id, after the iterations and subflows around it (`provision[3].attach`). */
  readonly address: string;
  /** The item of the definition; made up for a control. */
  readonly item: TaskItem;
  readonly bindings: readonly CompiledBinding[];
  readonly type: AtomType | null;
  /** The scope of the names that it uses. */
  readonly scope: Scope;
  /** Index in definition order within its scope. */
  readonly order: number;
}

export interface CompiledRetry {
  readonly policy: RetryPolicy;
  readonly values: CompiledBinding | null;
  readonly expression: Expression | null;
}

/** The slots of a for-each's iterations: an element keeps its slot for the life of the job (P6). */
export interface ListSlots {
  /** The key of each slot's element. */
  readonly keys: ListBy<Slot, string>;
  /** Slots of the elements of the present list, in list order. */
  readonly listed: Slot[];
}

/** The links on failure that leave an item, in definition order (P11). */
export interface CompiledCatch {
  /** The control that ends the item. */
  readonly atom: AtomIndex;
  /** The item among the children of its graph. */
  readonly child: ChildIndex;
  readonly links: readonly { readonly id: string; readonly to: string; readonly condition: Expression | null }[];
}

/** A child of a graph with links on failure. Children are identified by their index in that graph. */
export interface CompiledChild {
  readonly id: string;
  /** Its first node, which is a gate if it has one, and its last node. */
  readonly first: NodeIndex;
  readonly last: NodeIndex;
  /** One satisfied link is enough for it to run. */
  readonly needsOne: boolean;
  /** A link on failure leads to it. */
  readonly takesFailure: boolean;
  /** Children that it follows: by links, or, if no link leads to it, by the outputs that it uses. */
  readonly sources: readonly ChildIndex[];
  /** Children that have this one among their sources. */
  readonly dependants: readonly ChildIndex[];
  /** Children that are ignored when this one is caught: ordinary links lead to them, or they use its output. */
  readonly followers: readonly ChildIndex[];
}

export interface CompiledContainer {
  readonly index: ContainerIndex;
  /** Null for a container that the compiler made: an iteration, a retry around one task, the stages of a resource. */
  readonly item: FlowItem | null;
  readonly address: string;
  readonly name: string;
  /** The container around it; null for the root. */
  readonly parent: ContainerIndex | null;
  readonly enter: NodeIndex;
  readonly exit: NodeIndex;
  /** Largest number of direct children at once; 0 means no limit. */
  readonly limit: number;
  /** Its control atoms; null for a control that it does not have. */
  readonly retry: AtomIndex | null;
  readonly undo: AtomIndex | null;
  readonly each: AtomIndex | null;
  /** The node that its last children lead to: its undo, its catch, or its exit. */
  readonly end: NodeIndex;
  /** Null when no link on failure leaves it. */
  readonly catch: CompiledCatch | null;
  /** Set for a graph with links on failure; else empty. */
  readonly children: ListBy<ChildIndex, CompiledChild>;
  /** The reason why nothing inside is ever undone; null when the inside can be undone (R8). */
  readonly irreversible: string | null;
  /** The scope of the names inside it. */
  readonly scope: Scope;
  /** The iteration in each slot, dropped ones included; and for a loop the control that ends each iteration. */
  readonly iterations: ListBy<Slot, ContainerIndex>;
  readonly rounds: ListBy<Slot, AtomIndex>;
  /** For a for-each: which element has which slot. */
  readonly slots: ListSlots | null;
  /** For an iteration of a for-each: its position in the present list; null when the list does not contain its element. */
  place: number | null;
  /** The stages of a resource. */
  readonly stages: AtomIndex[];
  /** For a subflow: the scope inside, and the outputs as bound inside. */
  readonly inner: Scope | null;
  readonly outputs: readonly CompiledBinding[];
}

/** A definition compiled for running. */
export interface CompiledFlow {
  readonly definition: FlowDefinition;
  readonly nodes: ListBy<NodeIndex, GraphNode>;
  readonly atoms: ListBy<AtomIndex, CompiledAtom>;
  readonly containers: ListBy<ContainerIndex, CompiledContainer>;
  readonly atomByAddress: Map<string, CompiledAtom>;
  readonly containerByAddress: Map<string, CompiledContainer>;
  readonly outputs: readonly CompiledBinding[];
  readonly world: CompileWorld;
  /** For a run's own copy, which may grow: the compiled flow that it was copied from; else null. */
  readonly base: CompiledFlow | null;
}

/** How the compiler looks up task types (null: unknown here) and subflows. */
export interface CompileWorld {
  readonly typeOf: TypeLookup;
  readonly subflow: SubflowLookup;
}
export type TypeLookup = (item: Pick<TaskItem, 'type' | 'typeVersion' | 'parameters' | 'bindings'>) => AtomType | null;
export type SubflowLookup = (flow: string, version: number) => FlowDefinition | undefined;

export function connect(flow: CompiledFlow, before: NodeIndex, after: NodeIndex): void {
  flow.nodes[before]?.after.push(after);
  flow.nodes[after]?.before.push(before);
}

/** Does `a` come before `b` in definition order, with iterations in the order of their number? */
export function precedes(a: CompiledAtom, b: CompiledAtom): boolean {
  if (a.scope === b.scope) return a.order === b.order ? a.index < b.index : a.order < b.order;
  const left = a.scope.path;
  const right = b.scope.path;
  for (let at = 0; at < left.length || at < right.length; at += 1) {
    const one = left[at] ?? a.order;
    const other = right[at] ?? b.order;
    if (one !== other) return one < other;
    if (left[at] === undefined || right[at] === undefined) return a.index < b.index;
  }
  return a.order === b.order ? a.index < b.index : a.order < b.order;
}

/** The kind of container whose dropped iteration the atom belongs to (P6); null when it belongs to none. */
export function droppedFrom({ atoms, containers, nodes }: CompiledFlow, atom: AtomIndex): 'for_each' | 'loop' | null {
  for (let scope = atoms[atom]?.scope ?? null; scope !== null; scope = scope.outer) {
    const around = scope.kind === 'ITERATION' ? containers[scope.container] : undefined;
    const iteration = around === undefined ? undefined : lookUp(containers, lookUp(around.iterations, scope.iteration));
    if (iteration !== undefined && nodes[iteration.enter]?.dropped === true) return around?.slots == null ? 'loop' : 'for_each';
  }
  return null;
}

/** The nodes after a node; for the entrance of a dropped iteration, the nodes after the whole iteration. */
export function afterAll(flow: CompiledFlow, node: GraphNode): readonly NodeIndex[] {
  const last = node.dropped && node.kind === 'ENTER' ? lookUp(flow.nodes, flow.containers[node.boundaryOf]?.exit) : node;
  return last?.after ?? [];
}

/** The nodes before a node; for the exit of a dropped iteration, the nodes before the whole iteration. */
export function beforeAll(flow: CompiledFlow, node: GraphNode): readonly NodeIndex[] {
  const first = node.dropped && node.kind === 'EXIT' ? lookUp(flow.nodes, flow.containers[node.boundaryOf]?.enter) : node;
  return first?.before ?? [];
}

/** Nodes of a container in the present pass, without those of dropped iterations. */
export function nodesOfPass(flow: CompiledFlow, container: ContainerIndex): NodeIndex[] {
  const { enter, exit } = flow.containers[container] as CompiledContainer;
  const seen = new Set([enter, exit]);
  const reached = [enter];
  for (let at = 0; at < reached.length; at += 1) {
    const node = lookUp(flow.nodes, reached[at]);
    if (node === undefined) continue;
    for (const after of afterAll(flow, node)) {
      if (seen.has(after)) continue;
      seen.add(after);
      reached.push(after);
    }
  }
  reached.push(exit);
  return reached.filter((one) => flow.nodes[one]?.dropped !== true || one === enter || one === exit);
}

/** Nodes of a container, from its entrance to its exit, both included. */
export function nodesInside(flow: CompiledFlow, container: ContainerIndex): NodeIndex[] {
  const { enter, exit } = flow.containers[container] as CompiledContainer;
  const seen = new Set([enter, exit]);
  const found = [enter];
  for (let at = 0; at < found.length; at += 1) {
    for (const after of lookUp(flow.nodes, found[at])?.after ?? []) {
      if (seen.has(after)) continue;
      seen.add(after);
      found.push(after);
    }
  }
  found.push(exit);
  return found;
}

/** Atoms of a container, its own controls included. */
export function atomsInside(flow: CompiledFlow, container: ContainerIndex): AtomIndex[] {
  return atomsAt(flow, nodesInside(flow, container));
}

/** The atoms of those nodes that have one. */
export function atomsAt({ nodes }: CompiledFlow, some: readonly NodeIndex[]): AtomIndex[] {
  return some.flatMap((node) => nodes[node]?.atom ?? []);
}

/** The atom of a node; undefined for the entrance or exit of a container. */
export function atomOfNode({ nodes, atoms }: CompiledFlow, node: NodeIndex | undefined): CompiledAtom | undefined {
  return lookUp(atoms, lookUp(nodes, node)?.atom);
}

/** The container that an atom stands in directly. */
export function containerOf({ atoms, nodes, containers }: CompiledFlow, atom: AtomIndex): CompiledContainer | undefined {
  return lookUp(containers, lookUp(nodes, atoms[atom]?.node)?.parent);
}

/** The container of the whole flow; the compiler makes it first. */
export function rootOf({ containers }: CompiledFlow): CompiledContainer | undefined {
  return containers[containerIndex(0)];
}
