// The one place that knows wire codes: it maps each engine code to a tRPC code. An unexpected error goes to the
// server's log only.
import { TRPCError, type TRPCDefaultErrorShape } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { EngineError, type EngineErrorCode } from '@windlass/engine/ports';
import { ZodError } from 'zod';

const WIRE: Record<EngineErrorCode, TRPCError['code']> = {
  DEFINITION_INVALID: 'BAD_REQUEST',
  FLOW_UNKNOWN: 'NOT_FOUND',
  VERSION_UNKNOWN: 'NOT_FOUND',
  JOB_UNKNOWN: 'NOT_FOUND',
  VALUE_UNKNOWN: 'NOT_FOUND',
  LAUNCH_TOO_DEEP: 'CONFLICT',
  DRAFT_CHANGED: 'CONFLICT',
  INPUTS_INVALID: 'BAD_REQUEST',
  SEARCH_INVALID: 'BAD_REQUEST',
  TRANSITION_ILLEGAL: 'INTERNAL_SERVER_ERROR',
  ACT_REFUSED: 'CONFLICT',
  PLAN_CHANGED: 'CONFLICT',
  CLAIM_LOST: 'CONFLICT',
  CLAIM_TAKEN: 'CONFLICT',
  LOGBOOK_BROKEN: 'INTERNAL_SERVER_ERROR',
  STORE_FAILED: 'INTERNAL_SERVER_ERROR',
  STORE_FULL: 'SERVICE_UNAVAILABLE',
  STORE_NEWER: 'INTERNAL_SERVER_ERROR',
  STORE_IN_USE: 'INTERNAL_SERVER_ERROR',
};

const UNEXPECTED = 'Something went wrong on the server; its log says what.';
const MOST_ISSUES = 5;

/**
 * An error on the wire: no stack, no internal message, and the engine's code for the client. The errors of streams
 * pass only here, so the codes are mapped here and nowhere else.
 */
export function wireShape({ shape, error }: { readonly shape: TRPCDefaultErrorShape; readonly error: TRPCError }) {
  const code = wireCodeOf(error);
  const { path } = shape.data;
  return {
    message: messageOf(error),
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: {
      code,
      httpStatus: getHTTPStatusCodeFromError(new TRPCError({ code })),
      ...(path === undefined ? {} : { path }),
      engineCode: engineCodeOf(error),
    },
  };
}

/** Does this error belong in the server's log? */
export function isTrouble(error: TRPCError): boolean {
  return wireCodeOf(error) === 'INTERNAL_SERVER_ERROR';
}

function wireCodeOf(error: TRPCError): TRPCError['code'] {
  const engineCode = engineCodeOf(error);
  return engineCode === null ? error.code : WIRE[engineCode];
}

function engineCodeOf(error: TRPCError): EngineErrorCode | null {
  return error.cause instanceof EngineError ? error.cause.code : null;
}

function messageOf(error: TRPCError): string {
  if (error.cause instanceof EngineError) return error.cause.message;
  if (error.code === 'INTERNAL_SERVER_ERROR') return UNEXPECTED;
  return error.cause instanceof ZodError ? sentenceOf(error.cause) : error.message;
}

function sentenceOf({ issues }: ZodError): string {
  const shown = issues.slice(0, MOST_ISSUES).map((issue) => `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`);
  return `${shown.join('; ')}${issues.length > MOST_ISSUES ? `; and ${issues.length - MOST_ISSUES} more` : ''}`;
}
