import { validateDefinition } from '@windlass/engine/definition';
import { z } from 'zod';
import { procedure } from '../trpc.ts';
import { problem } from './shapes.ts';

/** The problems of a document. Nothing is stored and nothing runs. */
export const validate = procedure
  .input(z.object({ definition: z.unknown() }))
  .output(z.array(problem))
  .query(({ ctx, input }) => [...validateDefinition(input.definition, ctx.findType).problems]);
