// Scopes of names: the flow itself, a subflow, or one iteration of a for-each or loop. A name that is not found in an iteration
// is looked up in the scope around it, up to the document that the iteration belongs to.
import type { JsonObject } from '../../json.ts';
import type { ContainerIndex, Slot } from './index-spaces.ts';
import type { DefinitionPlan } from './definition-plan.ts';
import type { CompiledBinding } from './compiled-binding.ts';

/** The inputs of a scope that is not a subflow. */
export const NOTHING_GIVEN = { given: [], parameters: {} } as const satisfies Partial<Scope>;

/** A scope of items, inputs and elements. */
export type Scope = FlowScope | SubflowScope | IterationScope;

interface FlowScope extends ScopeFacts {
  readonly kind: 'FLOW';
  readonly container: null;
  readonly iteration: null;
}

interface SubflowScope extends ScopeFacts {
  readonly kind: 'SUBFLOW';
  readonly container: ContainerIndex;
  readonly iteration: null;
}

export interface IterationScope extends ScopeFacts {
  readonly kind: 'ITERATION';
  /** The for-each or loop. */
  readonly container: ContainerIndex;
  readonly iteration: Slot;
}

interface ScopeFacts {
  /** Text before the ids of the items inside: `provision[3].`, `sub.`, or empty. */
  readonly prefix: string;
  readonly outer: Scope | null;
  readonly plan: DefinitionPlan;
  /** Id of the for-each, loop or subflow that makes this scope; '' for the flow itself. */
  readonly id: string;
  /** For a subflow: the bindings of its inputs, to be evaluated in the scope around it. */
  readonly given: readonly CompiledBinding[];
  readonly parameters: JsonObject;
  /** Definition orders and slots around this scope, to compare atoms of different iterations. */
  readonly path: readonly number[];
}

/** The scope of the document that this scope belongs to: the flow, or the subflow. */
export function documentScope(scope: Scope): Scope {
  let at = scope;
  while (at.kind === 'ITERATION' && at.outer !== null) at = at.outer;
  return at;
}

/** The iteration of that container which this scope belongs to, or undefined. */
export function iterationOf(scope: Scope, container: string): IterationScope | undefined {
  for (let at: Scope | null = scope; at !== null && at.kind === 'ITERATION'; at = at.outer) if (at.id === container) return at;
  return undefined;
}
