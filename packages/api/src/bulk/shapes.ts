import { type BulkAct, bulkActSchema } from '@windlass/engine/run';
import { z } from 'zod';
import { actorSchema, word } from '../wire.ts';

export const bulkId = z.int().min(1);

export const bulkAct = z.object({
  id: bulkId,
  act: bulkActSchema,
  actor: actorSchema,
  search: z.string(),
  askedAt: z.number(),
  state: word<BulkAct['state']>(),
  total: z.int(),
  endedAt: z.number().nullable(),
  outcomes: z.object({ done: z.int(), refused: z.int(), failed: z.int() }),
});
