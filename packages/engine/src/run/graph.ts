// The compiled form of a definition: a directed graph of atoms and of the doors of containers, as numbers.
// What depends on a container depends on its exit; what is inside depends on its entrance. So an ordering between
// containers of n and m items costs one edge, not n times m, and the whole graph is O(items + links).
import type { z } from 'zod';
import type { Effects } from '../effects.ts';
import type { Expression } from '../definition/expression.ts';
import type { Binding, FlowDefinition, FlowItem, TaskItem } from '../definition/schema.ts';
import type { Json, JsonObject } from '../json.ts';

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
}

/** How one input of an atom is had. */
export interface CompiledBinding {
  readonly name: string;
  readonly binding: Binding;
  /** Set for an expression. */
  readonly expression: Expression | null;
}

/** The part of a task type that a run needs to know. */
export interface AtomType {
  readonly effects: Effects;
  readonly defaults: JsonObject;
  readonly hasRevert: boolean;
  readonly hasProbe: boolean;
  readonly repeatable: boolean | { readonly field: string; readonly in: readonly Json[] };
  /** Null where only replaying is wanted, as in a browser. */
  readonly input: z.ZodType | null;
  readonly output: z.ZodType | null;
}

/** A task in its place. Its number is its definition order. */
export interface CompiledAtom {
  readonly index: number;
  readonly node: number;
  /** Address: the item's id; iterations of a loop will add theirs. */
  readonly address: string;
  readonly item: TaskItem;
  readonly bindings: readonly CompiledBinding[];
  readonly type: AtomType | null;
}

export interface CompiledContainer {
  readonly index: number;
  readonly item: FlowItem;
  readonly enter: number;
  readonly exit: number;
  /** Most direct children at once; 0 for all. */
  readonly limit: number;
}

/** A definition, ready to run. Immutable; shared by all runs of that version. */
export interface CompiledFlow {
  readonly definition: FlowDefinition;
  readonly nodes: readonly GraphNode[];
  readonly atoms: readonly CompiledAtom[];
  readonly containers: readonly CompiledContainer[];
  readonly atomByAddress: ReadonlyMap<string, CompiledAtom>;
  readonly containerById: ReadonlyMap<string, CompiledContainer>;
  readonly outputs: readonly CompiledBinding[];
}
