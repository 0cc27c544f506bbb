// The compiled form of a definition: a directed graph of atoms and of the entrances and exits of containers, by index.
// An item after a container depends on the container's exit; an item inside depends on its entrance. So an ordering between
// containers of n and m items costs one edge instead of n times m, and the whole graph is O(items + links).
//
// All runs of a version share its compiled flow. A run whose for-each or loop grows gets its own copy (expand.ts). That copy
// only grows, and an index never changes.
import type { z } from 'zod';
import type { Effects } from '../../effects.ts';
import type { Expression } from '../../definition/expression.ts';
import type { DeciderDepth, FlowDefinition, FlowItem, RetryPolicy, TaskItem } from '../../definition/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { Repeatable } from '../../repeatable.ts';
import type { Waits } from '../../wait.ts';
import type { CompiledBinding } from './compiled-binding.ts';
import type { Scope } from './scope.ts';

/** A node: an atom, or the entrance or exit of a container. `before` and `after` are node indexes. */
export interface GraphNode {
  readonly index: number;
  readonly kind: 'ATOM' | 'ENTER' | 'EXIT';
  readonly before: number[];
  readonly after: number[];
  /** Index of the atom, or -1. */
  readonly atom: number;
  /** Index of the container whose entrance or exit this node is, or -1. */
  readonly boundaryOf: number;
  /** Index of the container that this node is a direct child of, or -1 for the root's entrance and exit. */
  readonly parent: number;
  /**
   * Orderings of reverts only, between iterations that may have run together: the entrance of the next iteration and the exit
   * of the previous one, or -1.
   */
  undoAfter: number;
  undoBefore: number;
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
  /** Identity of its code; null when unknown (SEMANTICS R6). */
  readonly code: string | null;
  /** Set for a type that waits; such a type is never applied. */
  readonly waits: Waits | null;
  /** Stages of a resource, in order; null for an ordinary task (SEMANTICS Z1). */
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
  readonly source: number;
  readonly decider: Expression | null;
  readonly depth: DeciderDepth;
  /** A link on failure: satisfied when a failure of its source was caught by a link to the guarded item (SEMANTICS P11). */
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
  readonly needs: readonly number[];
  readonly first: number;
  readonly last: number;
  /** Index of the guarded item among the children of its graph. */
  readonly child: number;
}

/** A task or a control of the graph. */
export interface CompiledAtom {
  readonly index: number;
  readonly node: number;
  readonly kind: AtomKind;
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
  /** Index of the container of a retry, each, round, undo or catch, or of the container that a resource's stages share; else -1. */
  readonly container: number;
  readonly guard: Guard | null;
  readonly retry: CompiledRetry | null;
  /** For a round: the condition for another round. */
  readonly again: Expression | null;
  /** For a stage: its name. */
  readonly stage: string | null;
}

export interface CompiledRetry {
  readonly policy: RetryPolicy;
  readonly values: CompiledBinding | null;
  readonly expression: Expression | null;
}

/** The slots of a for-each's iterations: an element keeps its slot for the life of the job (SEMANTICS P6). */
export interface ListSlots {
  /** The key of each slot's element. */
  readonly keys: string[];
  /** Slots of the elements of the present list, in list order. */
  readonly listed: number[];
}

/** The links on failure that leave an item, in definition order (SEMANTICS P11). */
export interface CompiledCatch {
  /** Index of the control atom that ends the item. */
  readonly atom: number;
  /** Index of the item among the children of its graph. */
  readonly child: number;
  readonly links: readonly { readonly id: string; readonly to: string; readonly condition: Expression | null }[];
}

/** A child of a graph with links on failure. Children are identified by their index in that graph. */
export interface CompiledChild {
  readonly id: string;
  /** Its first node, which is a gate if it has one, and its last node. */
  readonly first: number;
  readonly last: number;
  /** One satisfied link is enough for it to run. */
  readonly needsOne: boolean;
  /** A link on failure leads to it. */
  readonly takesFailure: boolean;
  /** Children that it follows: by links, or, if no link leads to it, by the outputs that it uses. */
  readonly sources: readonly number[];
  /** Children that have this one among their sources. */
  readonly dependants: readonly number[];
  /** Children that are ignored when this one is caught: ordinary links lead to them, or they use its output. */
  readonly followers: readonly number[];
}

export interface CompiledContainer {
  readonly index: number;
  /** Null for a container that the compiler made: an iteration, a retry around one task, the stages of a resource. */
  readonly item: FlowItem | null;
  readonly address: string;
  readonly name: string;
  readonly parent: number;
  readonly enter: number;
  readonly exit: number;
  /** Largest number of direct children at once; 0 means no limit. */
  readonly limit: number;
  /** Indexes of its control atoms, or -1. */
  readonly retry: number;
  readonly undo: number;
  readonly each: number;
  /** The node that its last children lead to: its undo, its catch, or its exit. */
  readonly end: number;
  /** Null when no link on failure leaves it. */
  readonly catch: CompiledCatch | null;
  /** Set for a graph with links on failure; else empty. */
  readonly children: readonly CompiledChild[];
  /** The reason why nothing inside is ever undone; null when the inside can be undone (SEMANTICS R8). */
  readonly irreversible: string | null;
  /** The scope of the names inside it. */
  readonly scope: Scope;
  /** Container index of the iteration in each slot, dropped ones included; and for a loop the round atom of each iteration. */
  readonly iterations: number[];
  readonly rounds: number[];
  /** For a for-each: which element has which slot. */
  readonly slots: ListSlots | null;
  /** For an iteration of a for-each: its position in the present list; -1 when the list does not contain its element. */
  place: number;
  /** Indexes of the stage atoms of a resource. */
  readonly stages: number[];
  /** For a subflow: the scope inside, and the outputs as bound inside. */
  readonly inner: Scope | null;
  readonly outputs: readonly CompiledBinding[];
}

/** A definition compiled for running. */
export interface CompiledFlow {
  readonly definition: FlowDefinition;
  readonly nodes: GraphNode[];
  readonly atoms: CompiledAtom[];
  readonly containers: CompiledContainer[];
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

export function connect(flow: CompiledFlow, before: number, after: number): void {
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

/** The kind of container whose dropped iteration the atom belongs to (SEMANTICS P6); null when it belongs to none. */
export function droppedFrom({ atoms, containers, nodes }: CompiledFlow, atom: number): 'for_each' | 'loop' | null {
  for (let scope = atoms[atom]?.scope ?? null; scope !== null; scope = scope.outer) {
    const around = scope.kind === 'ITERATION' ? containers[scope.container] : undefined;
    const iteration = containers[around?.iterations[scope.iteration] ?? -1];
    if (iteration !== undefined && nodes[iteration.enter]?.dropped === true) return around?.slots == null ? 'loop' : 'for_each';
  }
  return null;
}

/** The nodes after a node; for the entrance of a dropped iteration, the nodes after the whole iteration. */
export function afterAll(flow: CompiledFlow, node: GraphNode): readonly number[] {
  const last = node.dropped && node.kind === 'ENTER' ? flow.nodes[flow.containers[node.boundaryOf]?.exit ?? -1] : node;
  return last?.after ?? [];
}

/** The nodes before a node; for the exit of a dropped iteration, the nodes before the whole iteration. */
export function beforeAll(flow: CompiledFlow, node: GraphNode): readonly number[] {
  const first = node.dropped && node.kind === 'EXIT' ? flow.nodes[flow.containers[node.boundaryOf]?.enter ?? -1] : node;
  return first?.before ?? [];
}

/** Nodes of a container in the present pass, without those of dropped iterations. */
export function nodesOfPass(flow: CompiledFlow, container: number): number[] {
  const { enter, exit } = flow.containers[container] as CompiledContainer;
  const seen = new Set([enter, exit]);
  const reached = [enter];
  for (let at = 0; at < reached.length; at += 1) {
    const node = flow.nodes[reached[at] as number];
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
export function nodesInside(flow: CompiledFlow, container: number): number[] {
  const { enter, exit } = flow.containers[container] as CompiledContainer;
  const seen = new Set([enter, exit]);
  const found = [enter];
  for (let at = 0; at < found.length; at += 1) {
    for (const after of flow.nodes[found[at] as number]?.after ?? []) {
      if (seen.has(after)) continue;
      seen.add(after);
      found.push(after);
    }
  }
  found.push(exit);
  return found;
}
