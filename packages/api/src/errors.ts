// The one place that knows wire codes: each engine code as a tRPC code.
import { TRPCError } from '@trpc/server';
import { EngineError, type EngineErrorCode } from '@windlass/engine';

const WIRE: Record<EngineErrorCode, TRPCError['code']> = {
  DEFINITION_INVALID: 'BAD_REQUEST',
  FLOW_UNKNOWN: 'NOT_FOUND',
  VERSION_UNKNOWN: 'NOT_FOUND',
  JOB_UNKNOWN: 'NOT_FOUND',
  DRAFT_CHANGED: 'CONFLICT',
  INPUTS_INVALID: 'BAD_REQUEST',
  TRANSITION_ILLEGAL: 'INTERNAL_SERVER_ERROR',
  ACT_REFUSED: 'CONFLICT',
  PLAN_CHANGED: 'CONFLICT',
  CLAIM_LOST: 'CONFLICT',
  CLAIM_TAKEN: 'CONFLICT',
  LOGBOOK_BROKEN: 'INTERNAL_SERVER_ERROR',
  STORE_FAILED: 'INTERNAL_SERVER_ERROR',
  STORE_FULL: 'INTERNAL_SERVER_ERROR',
  STORE_NEWER: 'INTERNAL_SERVER_ERROR',
  STORE_IN_USE: 'INTERNAL_SERVER_ERROR',
};

/** What a caller is told of an error of the engine; null for one that is not the engine's. */
export function wireError(thrown: unknown): TRPCError | null {
  if (!(thrown instanceof EngineError)) return null;
  return new TRPCError({ code: WIRE[thrown.code], message: thrown.message, cause: thrown });
}

/** The engine's code behind an error, for the client to act upon. */
export function engineCodeOf(error: TRPCError): EngineErrorCode | null {
  return error.cause instanceof EngineError ? error.cause.code : null;
}
