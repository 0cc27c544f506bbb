// The compiled form of a definition: a directed graph of atoms and of the doors of containers, as numbers.
// What depends on a container depends on its exit; what is inside depends on its entrance. So an ordering between
// containers of n and m items costs one edge, not n times m, and the whole graph is O(items + links).
//
// A compiled flow is shared by all runs of its version. A run whose for-each or loop unfolds gets a copy of its own
// that only ever grows (expand.ts): numbers, once given, stay.
import type { z } from 'zod';
import type { Effects } from '../../effects.ts';
import type { Expression } from '../../definition/expression.ts';
import type { DeciderDepth, FlowDefinition, FlowItem, RetryPolicy, TaskItem } from '../../definition/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { Repeatable } from '../../repeatable.ts';
import type { Waits } from '../../wait.ts';
import type { CompiledBinding } from './compiled-binding.ts';
import type { Scope } from './scope.ts';

/** A node: an atom, or the entrance or exit of a container. `before` and `after` are node numbers. */
export interface GraphNode {
  readonly index: number;
  readonly kind: 'ATOM' | 'ENTER' | 'EXIT';
  readonly before: number[];
  readonly after: number[];
  /** Number of the atom, or -1. */
  readonly atom: number;
  /** Number of the container that this is a door of, or -1. */
  readonly door: number;
  /** Number of the container that this stands in as a direct child, or -1 for the root's doors. */
  readonly parent: number;
  /** Orderings of undoing alone, between iterations that may run together: the next one's entrance, the last one's exit; or -1. */
  undoAfter: number;
  undoBefore: number;
  /** A door of a dropped iteration, or the control that ends a dropped round: going forward passes it over. */
  dropped: boolean;
}

/** The part of a task type that a run needs to know. */
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
  /** Names its code; null where that is not known (SEMANTICS R6). */
  readonly code: string | null;
  /** Set for a type that waits instead of being applied. */
  readonly waits: Waits | null;
  /** Stages of a resource, in order; null for an ordinary task (SEMANTICS Z1). */
  readonly stages: readonly string[] | null;
  /** A resource that is undone by one destroy instead of stage by stage. */
  readonly destroys: boolean;
  readonly label: ((held: JsonObject, input: JsonObject) => string) | null;
  /** Null where only replaying is wanted, as in a browser. */
  readonly input: z.ZodType | null;
  readonly output: z.ZodType | null;
}

/**
 * `task`: a task of the drawing. `stage`: one stage of a resource. The others are controls, which the core works out
 * itself: `retry` at the head of a container; `gate` before an item with deciders; `each` gives a for-each its list;
 * `round` ends a round of a loop; `undo` stands for a container's own revert; `catch` ends an item with links on failure.
 */
export type AtomKind = 'task' | 'stage' | 'retry' | 'gate' | 'each' | 'round' | 'undo' | 'catch';

/** A link into a guarded item. */
export interface GuardLink {
  readonly id: string;
  readonly from: string;
  /** Last node of what the link comes from. */
  readonly source: number;
  readonly decider: Expression | null;
  readonly depth: DeciderDepth;
  /** A link on failure: satisfied when a failure of its source was caught by a link to the guarded item (SEMANTICS P11). */
  readonly onFailure: boolean;
  readonly to: string;
}

/** What a gate decides on. `first` and `last` are the nodes of the guarded item. */
export interface Guard {
  /** Looks at each link that arrives. */
  readonly any: boolean;
  /** One satisfied link is enough. */
  readonly needsOne: boolean;
  readonly links: readonly GuardLink[];
  /** Nodes that must be finished besides: items whose outputs are used. */
  readonly needs: readonly number[];
  readonly first: number;
  readonly last: number;
  /** Number of the guarded item among the children of its graph. */
  readonly child: number;
}

/** A task, or a control, in its place. */
export interface CompiledAtom {
  readonly index: number;
  readonly node: number;
  readonly kind: AtomKind;
  /** Address: the item's id, after the iterations and subflows that it stands in (`provision[3].attach`). */
  readonly address: string;
  /** What was drawn; made up for a control. */
  readonly item: TaskItem;
  readonly bindings: readonly CompiledBinding[];
  readonly type: AtomType | null;
  /** Where it looks up names. */
  readonly scope: Scope;
  /** Definition order within its scope. */
  readonly order: number;
  /** Container that a retry, each, round or undo belongs to, or that the stages of a resource share; else -1. */
  readonly container: number;
  readonly guard: Guard | null;
  readonly retry: CompiledRetry | null;
  /** Of a round: whether to go round again. */
  readonly again: Expression | null;
  /** Of a stage: its name. */
  readonly stage: string | null;
}

export interface CompiledRetry {
  readonly policy: RetryPolicy;
  readonly values: CompiledBinding | null;
  readonly expression: Expression | null;
}

/** The slots of a for-each's iterations: an element keeps its slot for the life of the job (SEMANTICS P6). */
export interface ListSlots {
  /** Per slot the key of its element. */
  readonly keys: string[];
  /** Slots of the elements of the present list, in its order. */
  readonly listed: number[];
}

/** What catches a failure inside an item: its links on failure, in definition order (SEMANTICS P11). */
export interface CompiledCatch {
  /** Number of its control atom, which ends the item. */
  readonly atom: number;
  /** Number of the item among the children of its graph. */
  readonly child: number;
  readonly links: readonly { readonly id: string; readonly to: string; readonly condition: Expression | null }[];
}

/** A child of a graph with links on failure. Numbers of children are their places in that graph. */
export interface CompiledChild {
  readonly id: string;
  /** Its first node, a gate if it has one, and its last node. */
  readonly first: number;
  readonly last: number;
  /** One satisfied link is enough for it. */
  readonly needsOne: boolean;
  /** Links on failure lead to it. */
  readonly takesFailure: boolean;
  /** Children that it follows: by links, or where no link leads to it by their outputs. */
  readonly sources: readonly number[];
  /** Children that have it among their sources. */
  readonly dependants: readonly number[];
  /** Children that cannot go on when it is caught: ordinary links lead to them, or they use its output. */
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
  /** Most direct children at once; 0 for all. */
  readonly limit: number;
  /** Numbers of its control atoms, or -1. */
  readonly retry: number;
  readonly undo: number;
  readonly each: number;
  /** Node that its last children lead to: its undo, its catch, or its exit. */
  readonly end: number;
  /** Null where no link on failure leaves it. */
  readonly catch: CompiledCatch | null;
  /** Of a graph with links on failure inside; else empty. */
  readonly children: readonly CompiledChild[];
  /** Why nothing inside is ever undone; null where it is (SEMANTICS R8). */
  readonly irreversible: string | null;
  /** Names inside it. */
  readonly scope: Scope;
  /** Per slot its iteration, as a container number; dropped ones stay. And per iteration of a loop its round atom. */
  readonly iterations: number[];
  readonly rounds: number[];
  /** Of a for-each: which element has which slot. */
  readonly slots: ListSlots | null;
  /** Of an iteration of a for-each: its place in the present list; -1 when that does not have its element. */
  place: number;
  /** Numbers of the stage atoms of a resource. */
  readonly stages: number[];
  /** Of a subflow: its names, and its outputs seen from inside. */
  readonly inner: Scope | null;
  readonly outputs: readonly CompiledBinding[];
}

/** A definition, ready to run. */
export interface CompiledFlow {
  readonly definition: FlowDefinition;
  readonly nodes: GraphNode[];
  readonly atoms: CompiledAtom[];
  readonly containers: CompiledContainer[];
  readonly atomByAddress: Map<string, CompiledAtom>;
  readonly containerByAddress: Map<string, CompiledContainer>;
  readonly outputs: readonly CompiledBinding[];
  readonly world: CompileWorld;
  /** Of a run's own copy, which may grow: the compiled flow that it is a copy of; else null. */
  readonly base: CompiledFlow | null;
}

/** How the compiler learns what a task type is (null: not known here) and what a subflow is. */
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

/** Is the first before the second in definition order, iterations by their number? */
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

/** The for-each or loop of which an atom stands in a dropped iteration (SEMANTICS P6); null where it does not. */
export function droppedFrom({ atoms, containers, nodes }: CompiledFlow, atom: number): 'for_each' | 'loop' | null {
  for (let scope = atoms[atom]?.scope ?? null; scope !== null; scope = scope.outer) {
    const around = scope.kind === 'ITERATION' ? containers[scope.container] : undefined;
    const iteration = containers[around?.iterations[scope.iteration] ?? -1];
    if (iteration !== undefined && nodes[iteration.enter]?.dropped === true) return around?.slots == null ? 'loop' : 'for_each';
  }
  return null;
}

/** What comes after a node; of a dropped iteration, what comes after all of it. */
export function afterAll(flow: CompiledFlow, node: GraphNode): readonly number[] {
  const last = node.dropped && node.kind === 'ENTER' ? flow.nodes[flow.containers[node.door]?.exit ?? -1] : node;
  return last?.after ?? [];
}

/** What comes before a node; of a dropped iteration, what comes before all of it. */
export function beforeAll(flow: CompiledFlow, node: GraphNode): readonly number[] {
  const first = node.dropped && node.kind === 'EXIT' ? flow.nodes[flow.containers[node.door]?.enter ?? -1] : node;
  return first?.before ?? [];
}

/** Node numbers of a container that belong to the present pass: those of dropped iterations are not among them. */
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

/** Node numbers of a container, from its entrance to its exit, both included. */
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
