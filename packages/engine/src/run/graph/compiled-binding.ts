import type { Expression } from '../../definition/expression.ts';
import type { Binding } from '../../definition/schema.ts';

/** How one input of an atom is had. */
export interface CompiledBinding {
  readonly name: string;
  readonly binding: Binding;
  /** Set for an expression. */
  readonly expression: Expression | null;
  /** Alternatives in order; empty for a single binding. */
  readonly of: readonly CompiledBinding[];
}
