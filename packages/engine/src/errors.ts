// The errors of the engine itself: wrong use, refusals and broken storage. An error of a task is a Failure.

/** The closed list of codes. packages/api/src/errors.ts maps each to a wire code. */
export type EngineErrorCode =
  | 'DEFINITION_INVALID'
  | 'FLOW_UNKNOWN'
  | 'VERSION_UNKNOWN'
  | 'JOB_UNKNOWN'
  | 'VALUE_UNKNOWN'
  | 'LAUNCH_TOO_DEEP'
  | 'DRAFT_CHANGED'
  | 'INPUTS_INVALID'
  | 'SEARCH_INVALID'
  | 'TRANSITION_ILLEGAL'
  | 'ACT_REFUSED'
  | 'PLAN_CHANGED'
  | 'CLAIM_LOST'
  | 'CLAIM_TAKEN'
  | 'LOGBOOK_BROKEN'
  | 'STORE_FAILED'
  | 'STORE_FULL'
  | 'STORE_NEWER'
  | 'STORE_IN_USE';

/** An error with a code from the closed list; the message names the thing, its value and what to do. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
