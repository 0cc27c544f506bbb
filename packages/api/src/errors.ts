// The only place that knows wire codes. A client gets `message` and `data: { code, httpStatus, path, problems? }`,
// where `code` is the engine's word if the engine threw, else tRPC's. What nobody expected is told to the log alone.
import type { TRPCDefaultErrorShape, TRPCError, TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { getStatusKeyFromCode } from './status.ts';
import { EngineError, type EngineErrorCode } from '@windlass/engine';
import { z } from 'zod';
