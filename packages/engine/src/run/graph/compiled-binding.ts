import type { Expression } from '../../definition/expression.ts';
import type { Binding } from '../../definition/schema.ts';

/** The source of one input of an atom. */
export interface CompiledBinding {
  readonly name: string;
  readonly binding: Binding;
  /** The parsed expression; null for every other binding. */
  readonly expression: Expression | null;
  /** Alternatives in order; empty for a single binding. */
  readonly of: readonly CompiledBinding[];
}
