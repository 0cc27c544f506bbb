// Where names are looked up: the flow itself, a subflow, or one iteration of a for-each or loop. Each stands in the
// scope around it; a name that is not found inside is one of the outside, up to the flow that was drawn.
import type { JsonObject } from '../../json.ts';
import type { DefinitionPlan } from './definition-plan.ts';
import type { CompiledBinding } from './compiled-binding.ts';

/** What a scope is given that is no subflow. */
export const NOTHING_GIVEN = { given: [], parameters: {} } as const satisfies Partial<Scope>;

/** A place from which items, inputs and elements are seen. */
export interface Scope {
  /** What stands before the ids of the items inside: `provision[3].`, `sub.`, or nothing. */
  readonly prefix: string;
  readonly kind: 'FLOW' | 'SUBFLOW' | 'ITERATION';
  readonly outer: Scope | null;
  readonly plan: DefinitionPlan;
  /** Id and number of the for-each, loop or subflow that makes this scope; '' and -1 for the flow itself. */
  readonly id: string;
  readonly container: number;
  /** Number of the iteration, from 0. */
  readonly iteration: number;
  /** Of a subflow: the inputs that it is given, seen from outside. */
  readonly given: readonly CompiledBinding[];
  readonly parameters: JsonObject;
  /** Orders of what stands around it, for definition order across iterations. */
  readonly path: readonly number[];
}

/** The scope of the document that this scope belongs to: the flow, or the subflow. */
export function documentScope(scope: Scope): Scope {
  let at = scope;
  while (at.kind === 'ITERATION' && at.outer !== null) at = at.outer;
  return at;
}

/** The iteration of that container which the scope stands in, or undefined. */
export function iterationOf(scope: Scope, container: string): Scope | undefined {
  for (let at: Scope | null = scope; at !== null && at.kind === 'ITERATION'; at = at.outer) if (at.id === container) return at;
  return undefined;
}
