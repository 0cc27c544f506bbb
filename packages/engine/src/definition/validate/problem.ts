/** A problem of a definition, or a warning; `item` is null when it concerns the flow itself. */
export interface Problem {
  readonly item: string | null;
  /** One of a closed list, in UPPER_SNAKE. */
  readonly code: ProblemCode;
  /** One sentence: what is wrong and how to correct it. */
  readonly message: string;
  /** An `error` prevents publishing; a `warning` does not. */
  readonly severity: 'error' | 'warning';
  /** The input concerned, if any. */
  readonly field?: string;
  /** A change that corrects the problem, if there is an obvious one. */
  readonly fix?: Fix;
}

export type ProblemCode =
  | 'SHAPE_INVALID'
  | 'ID_DUPLICATE'
  | 'TOO_MANY_ITEMS'
  | 'TOO_DEEP'
  | 'TYPE_UNKNOWN'
  | 'PARAMETER_UNKNOWN'
  | 'PARAMETER_INVALID'
  | 'INPUT_MISSING'
  | 'BINDING_ITEM_UNKNOWN'
  | 'BINDING_NOT_BEFORE'
  | 'BINDING_OUTPUT_UNKNOWN'
  | 'BINDING_INPUT_UNKNOWN'
  | 'EXPRESSION_INVALID'
  | 'BINDING_MAY_BE_IGNORED'
  | 'BINDING_NEVER_USED'
  | 'LIST_MISSING'
  | 'LOOP_INCOMPLETE'
  | 'LOOP_TWO_ENTRIES'
  | 'LINK_UNKNOWN'
  | 'FAILURE_LINK_INVALID'
  | 'MERGE_NEVER_RUNS'
  | 'LINK_NOT_ALLOWED'
  | 'RETRY_UNLIMITED'
  | 'RETRY_STOPS'
  | 'CYCLE'
  | 'SCHEMA_INVALID'
  | 'EMPTY'
  | 'IRREVERSIBLE';

/** A change that removes the problem; the designer offers it as a button. */
export type Fix =
  | { readonly kind: 'removeLink'; readonly link: string; readonly label: string }
  | { readonly kind: 'removeBinding'; readonly item: string; readonly field: string; readonly label: string }
  | { readonly kind: 'removeParameter'; readonly item: string; readonly field: string; readonly label: string }
  | { readonly kind: 'limitRetry'; readonly item: string; readonly attempts: number; readonly label: string }
  | { readonly kind: 'addLink'; readonly container: string; readonly from: string; readonly to: string; readonly label: string }
  | { readonly kind: 'setJoin'; readonly item: string; readonly join: 'live'; readonly label: string }
  | { readonly kind: 'setType'; readonly item: string; readonly type: string; readonly version: number; readonly label: string };
